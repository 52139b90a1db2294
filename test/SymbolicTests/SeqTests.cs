namespace Symbolic.Test;

public class SeqTests
{
    [Fact]
    public void EqualityIsByItems()
    {
        Seq<int> one = [1, 2, 3];
        Seq<int> same = Seq.Of(Enumerable.Range(1, 3));
        Assert.True(one == same && one.Equals((object)same));
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.True(one != [1, 2] && one != [3, 2, 1] && one != null);
        Seq<Seq<string>> nested = [["a"], []];
        Assert.Equal(nested, [["a"], Seq<string>.Empty]);
    }

    [Fact]
    public void ChangesMakeNewLists()
    {
        Seq<int> seq = [1, 2, 3];
        Assert.Equal([0, 1, 2, 3], seq.Insert(0, 0));
        Assert.Equal([1, 2, 3, 4], seq.Insert(3, 4));
        Assert.Equal([1, 2, 3, 4], seq.Add(4));
        Assert.Equal([1, 3], seq.RemoveAt(1));
        Assert.Equal([1, 9, 3], seq.With(1, 9));
        Assert.Equal(["1", "2", "3"], seq.Map(item => $"{item}"));
        Assert.Equal([1, 2, 3, 1, 2, 3], seq.Concat(seq));
        Assert.Equal([2, 3], seq[1..]);
        Assert.Equal([1, 2, 3], seq);
        Assert.Equal("[1, 2, 3]", seq.ToString());
    }

    [Fact]
    public void ListPatternsMatch()
    {
        Seq<int> seq = [1, 2, 3];
        Assert.True(seq is [1, .. { Count: 2 } rest] && rest == [2, 3]);
        Assert.Same(Seq<int>.Empty, seq[..0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => seq[1..9]);
        Assert.Throws<IndexOutOfRangeException>(() => seq[3]);
    }
}
