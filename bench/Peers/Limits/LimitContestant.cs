using System.Runtime.Intrinsics;
using Symbolic.Codegen.Library;
using Symbolic.Peers.Contestants;
using Symbolic.Peers.Works;
using Symbolic.Runtime;

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

    private sealed unsafe class Arithmetic(int threads) : IPrepared
    {
        // So long that starting the team's threads does not count.
        private const int Repeats = 4;

        // Where vectors of 512 bits are executed in halves both are equal; where they are not, the wide ones are the limit.
        private readonly bool wide = Vector512.IsHardwareAccelerated;
        private readonly Team team = new(threads);

        public double Amount => Repeats * team.Size * (wide ? LimitKernels.Operations<Lanes512<float>, Vector512<float>>() : LimitKernels.Operations<Lanes256<float>, Vector256<float>>());

        public void Run() => team.Run(_ =>
        {
            for (int i = 0; i < Repeats; i++)
            {
                if (wide)
                {
                    LimitKernels.Multiply<Lanes512<float>, Vector512<float>>(null, null, 0, null);
                }
                else
                {
                    LimitKernels.Multiply<Lanes256<float>, Vector256<float>>(null, null, 0, null);
                }
            }
        });

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
