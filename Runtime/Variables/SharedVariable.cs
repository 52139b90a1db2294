using System.Buffers;

namespace Symbolic.Runtime;

/// <summary>
/// A value that lives between calls: a leaf with identity whose sizes are known numbers. Functions read it, and those compiled
/// with an update of it write it at the end of each call.
/// </summary>
public sealed partial class SharedVariable : Variable
{
    private readonly Tensor storage;
    private readonly List<WeakReference<Function>> freezers = [];
    private Expr? defaultUpdate;

    // The number of running calls that read the value, or -1 while one may write it.
    private int users;

    /// <summary>A variable with a copy of a value.</summary>
    /// <param name="value">The first value; its dtype and sizes are the variable's for good.</param>
    /// <param name="name">How messages and printed graphs call it.</param>
    /// <param name="device">Where it lives; the CPU where none is given.</param>
    public SharedVariable(Tensor value, string name, Device? device = null) : this(value.DType, value.Sizes, name, device) => storage.CopyFrom(value);

    /// <summary>A variable of zeros (false for bool). With <see cref="Write"/> a large value needs no second copy of it in memory.</summary>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="sizes">Its sizes.</param>
    /// <param name="name">How messages and printed graphs call it.</param>
    /// <param name="device">Where it lives; the CPU where none is given.</param>
    /// <exception cref="ArgumentException">A size is negative, or there are more than 32 axes.</exception>
    public SharedVariable(DType dtype, Seq<long> sizes, string name, Device? device = null) : base(name, dtype, Known(sizes))
    {
        // Who makes variables is about to compile.
        WarmUp.Begin();
        storage = Tensor.Zeros(dtype, sizes.AsSpan());
        Device = device ?? Device.Cpu;
    }

    /// <summary>Where it lives. All shared variables of a function are on the function's device.</summary>
    public Device Device { get; }

    /// <summary>A copy of the value.</summary>
    /// <exception cref="InvalidOperationException">A running call updates it.</exception>
    public Tensor Value
    {
        get
        {
            Acquire(writes: false, by: null);
            try
            {
                return storage.Copy();
            }
            finally
            {
                Release(writes: false);
            }
        }
    }

    /// <summary>
    /// The value after a call that reads this variable, unless the function's updates name it; null for none. Functions take it
    /// over when they are compiled.
    /// </summary>
    /// <exception cref="TypeMismatch">The dtype or the rank is not the variable's.</exception>
    public Expr? DefaultUpdate
    {
        get => defaultUpdate;
        set => defaultUpdate = value is null ? null : new Update(this, value).Value;
    }

    /// <summary>The variable as an expression.</summary>
    public static implicit operator Expr(SharedVariable variable) => variable.Expr;

    /// <summary>Replaces the value by a copy of another of the same dtype and sizes.</summary>
    /// <exception cref="ArgumentException">The type is another.</exception>
    /// <exception cref="InvalidOperationException">A running call uses the variable, or a living function has frozen it.</exception>
    public void SetValue(Tensor value)
    {
        if (value.DType != storage.DType || !value.Sizes.Equals(storage.Sizes))
        {
            throw new ArgumentException($"{Name} is {storage.Type}; it cannot become {value.Type}", nameof(value));
        }
        Acquire(writes: true, by: null);
        try
        {
            storage.CopyFrom(value);
        }
        finally
        {
            Release(writes: true);
        }
    }

    /// <summary>Replaces the value by a copy of row-major elements.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than the variable has.</exception>
    /// <exception cref="InvalidOperationException">The dtype is not that of <typeparamref name="T"/>, a running call uses the variable, or a living function has frozen it.</exception>
    public void SetValues<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        if (values.Length != storage.Count)
        {
            throw new ArgumentException($"{values.Length} values for {Name}, which is {storage.Type}", nameof(values));
        }
        Acquire(writes: true, by: null);
        try
        {
            values.CopyTo(storage.AsSpan<T>());
        }
        finally
        {
            Release(writes: true);
        }
    }

    /// <summary>Lets a method write the elements where they lie, in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The dtype is not that of <typeparamref name="T"/>, there are more elements than a span has, a running call uses the variable, or a living function has frozen it.</exception>
    public void Write<T>(SpanAction<T, SharedVariable> write) where T : unmanaged
    {
        Acquire(writes: true, by: null);
        try
        {
            write(storage.AsSpan<T>(), this);
        }
        finally
        {
            Release(writes: true);
        }
    }

    /// <summary>The memory of the value: fixed for the variable's life.</summary>
    internal Tensor Storage => storage;

    /// <summary>Takes the variable for a call; allocates nothing where that succeeds.</summary>
    internal void Acquire(bool writes, string? by)
    {
        string who = by ?? "SetValue, Write or Value";
        if (writes && freezers.Count > 0 && Freezer() is { } freezer)
        {
            throw new InvalidOperationException($"{Name} is frozen into the function {freezer.Name}, which computes with the value it had; {who} cannot write it before that function is disposed");
        }
        int now = Volatile.Read(ref users);
        while (true)
        {
            if (now < 0 || (writes && now > 0))
            {
                throw new InvalidOperationException(now < 0
                    ? $"{Name} is being updated by a running call; {who} cannot use it now"
                    : $"{Name} is being read by a running call; {who} cannot write it now");
            }
            int found = Interlocked.CompareExchange(ref users, writes ? -1 : now + 1, now);
            if (found == now)
            {
                return;
            }
            now = found;
        }
    }

    /// <summary>Gives the variable back.</summary>
    internal void Release(bool writes)
    {
        if (writes)
        {
            Volatile.Write(ref users, 0);
        }
        else
        {
            Interlocked.Decrement(ref users);
        }
    }

    /// <summary>Refuses writes as long as the function lives and is not disposed.</summary>
    internal void FreezeInto(Function function)
    {
        lock (freezers)
        {
            freezers.Add(new WeakReference<Function>(function));
        }
    }

    private Function? Freezer()
    {
        lock (freezers)
        {
            freezers.RemoveAll(weak => !weak.TryGetTarget(out Function? function) || function.IsDisposed);
            return freezers.Count > 0 && freezers[0].TryGetTarget(out Function? alive) ? alive : null;
        }
    }

    private static Dim?[] Known(Seq<long> sizes) => [.. sizes.Select(size => (Dim?)(Dim)size)];
}
