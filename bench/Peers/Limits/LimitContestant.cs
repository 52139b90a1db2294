using System.Runtime.Intrinsics;
using Symbolic.Peers.Contestants;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Limits;

/// <summary>Measures what the machine can do.</summary>
internal sealed class LimitContestant(int threads) : IContestant
{
    /// <inheritdoc/>
    public string Name => PeerNames.Limit;

    /// <inheritdoc/>
    public IPrepared Prepare(Work work)
    {
        LimitWork limit = work as LimitWork ?? new LimitWork(work.Limit, (long)work.Bytes);
        return limit.Kind == LimitKind.Fma ? new Arithmetic(threads) : new Movement(limit, threads);
    }

    private sealed class Arithmetic(int threads) : IPrepared
    {
        // Where vectors of 512 bits are executed in halves both are equal; where they are not, the wide ones are the limit.
        private readonly bool wide = Vector512.IsHardwareAccelerated;
        private readonly Team team = new(threads);

        public double Amount => FmaPeak.Operations(wide) * team.Size;

        public void Run() => team.Run(_ => FmaPeak.Run(wide));

        public IEnumerable<Output> Outputs() => [];

        public void Dispose() => team.Dispose();
    }

    private sealed unsafe class Movement : IPrepared
    {
        private readonly LimitKind kind;
        private readonly Team team;
        private readonly long count;
        private readonly LargePages a, b, y;
        private readonly Action<int> job;

        public Movement(LimitWork work, int threads)
        {
            kind = work.Kind;
            count = work.Count(threads);
            Amount = kind switch
            {
                LimitKind.Read => 1,
                LimitKind.Copy or LimitKind.CopyPastCache => 2,
                _ => 3,
            } * (double)count * sizeof(float);
            team = new(threads);
            a = new(count);
            b = new(kind is LimitKind.Triad or LimitKind.TriadPastCache ? count : 0);
            y = new(kind == LimitKind.Read ? 0 : count);
            job = Part;
        }

        public double Amount { get; }

        public void Run() => team.Run(job);

        public IEnumerable<Output> Outputs() => [];

        public void Dispose()
        {
            team.Dispose();
            a.Dispose();
            b.Dispose();
            y.Dispose();
        }

        private void Part(int thread)
        {
            long part = count / team.Size, first = part * thread;
            switch (kind)
            {
                case LimitKind.Read:
                    Traffic.Read(a.Floats + first, part);
                    break;
                case LimitKind.Copy:
                    Traffic.Copy(a.Floats + first, y.Floats + first, part);
                    break;
                case LimitKind.CopyPastCache:
                    Traffic.CopyPastCache(a.Floats + first, y.Floats + first, part);
                    break;
                case LimitKind.Triad:
                    Traffic.Triad(a.Floats + first, b.Floats + first, y.Floats + first, part);
                    break;
                case LimitKind.TriadPastCache:
                    Traffic.TriadPastCache(a.Floats + first, b.Floats + first, y.Floats + first, part);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(kind.ToString());
            }
        }
    }
}
