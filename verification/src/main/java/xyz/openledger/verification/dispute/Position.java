package xyz.openledger.verification.dispute;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.verification.matmul.OperatorFacts;
import xyz.openledger.verification.matmul.Tensor;

/** Where in the two traces a dispute stands. Each knows its query and judges the answers to it. */
public sealed interface Position {
  /** 0 among the operators, 1 within an operator's output, 2 within a number. */
  int level();

  /** What both sides are asked. */
  Query query();

  /** What follows from the answers. */
  Ruling rule(Matter matter, Answer claimant, Answer challenger);

  private static boolean joins(Answer answer, Digest node) {
    return answer instanceof Answer.Halves(Digest left, Digest right)
        && MerkleTree.nodeHash(left, right).equals(node);
  }

  private static int middle(int from, int to) {
    return from + Integer.highestOneBit(to - from - 1);
  }

  /** A node of the trace's tree; all before it is the same on both sides. */
  record Operators(
      int from,
      int to,
      Digest claimant,
      Digest challenger,
      Digest claimantRoot,
      Digest challengerRoot)
      implements Position {
    @Override
    public int level() {
      return 0;
    }

    @Override
    public Query query() {
      return new Query.OperatorHalves(from, to);
    }

    @Override
    public Ruling rule(Matter matter, Answer claimantSaid, Answer challengerSaid) {
      boolean claimantRight = joins(claimantSaid, claimant);
      boolean challengerRight = joins(challengerSaid, challenger);
      return claimantRight && challengerRight
          ? new Ruling.Onwards(down((Answer.Halves) claimantSaid, (Answer.Halves) challengerSaid))
          : new Ruling.Wrong(
              !claimantRight, !challengerRight, "showed halves that do not make its trace's node");
    }

    private Position down(Answer.Halves mine, Answer.Halves other) {
      int middle = middle(from, to);
      boolean left = !mine.left().equals(other.left());
      Digest a = left ? mine.left() : mine.right();
      Digest b = left ? other.left() : other.right();
      int start = left ? from : middle;
      int end = left ? middle : to;
      return end - start == 1
          ? new AtOperator(start, a, b, claimantRoot, challengerRoot)
          : new Operators(start, end, a, b, claimantRoot, challengerRoot);
    }
  }

  /** The first operator whose leaves differ. */
  record AtOperator(
      int operator, Digest claimant, Digest challenger, Digest claimantRoot, Digest challengerRoot)
      implements Position {
    @Override
    public int level() {
      return 1;
    }

    @Override
    public Query query() {
      return new Query.OperatorOpening(operator);
    }

    @Override
    public Ruling rule(Matter matter, Answer claimantSaid, Answer challengerSaid) {
      boolean claimantRight =
          Openings.right(matter, operator, claimantSaid, claimant, claimantRoot);
      boolean challengerRight =
          Openings.right(matter, operator, challengerSaid, challenger, challengerRoot);
      if (!claimantRight || !challengerRight) {
        return new Ruling.Wrong(
            !claimantRight, !challengerRight, "opened an operator that is not its trace's");
      }
      var a = (Answer.Opening) claimantSaid;
      var b = (Answer.Opening) challengerSaid;
      List<Digest> sources = a.sources().stream().map(Answer.Source::root).toList();
      var about = new About(a.facts(), matter.rows(), sources);
      byte[] tileA = a.tile();
      byte[] tileB = b.tile();
      return new Ruling.Onwards(
          tileA != null && tileB != null
              ? Tiles.number(about, 0, tileA, tileB)
              : Tiles.down(about, 0, about.tiles(), halves(a), halves(b)));
    }

    private static Answer.Halves halves(Answer.Opening opening) {
      Answer.Halves halves = opening.halves();
      if (halves == null) {
        throw new IllegalStateException("an opening was taken for right without its halves");
      }
      return halves;
    }
  }

  /** A node of the tree over an output's tiles, or a tile. */
  record Tiles(About about, int from, int to, Digest claimant, Digest challenger)
      implements Position {
    @Override
    public int level() {
      return 1;
    }

    @Override
    public Query query() {
      return to - from == 1
          ? new Query.TileOpening(about.facts().index(), from)
          : new Query.TileHalves(about.facts().index(), from, to);
    }

    @Override
    public Ruling rule(Matter matter, Answer claimantSaid, Answer challengerSaid) {
      if (to - from > 1) {
        boolean claimantRight = joins(claimantSaid, claimant);
        boolean challengerRight = joins(challengerSaid, challenger);
        return claimantRight && challengerRight
            ? new Ruling.Onwards(
                down(about, from, to, (Answer.Halves) claimantSaid, (Answer.Halves) challengerSaid))
            : new Ruling.Wrong(
                !claimantRight,
                !challengerRight,
                "showed halves that do not make its tensor's node");
      }
      byte[] a = tile(claimantSaid, claimant);
      byte[] b = tile(challengerSaid, challenger);
      return a != null && b != null
          ? new Ruling.Onwards(number(about, from, a, b))
          : new Ruling.Wrong(a == null, b == null, "showed a tile that is not its tensor's");
    }

    private byte @Nullable [] tile(Answer answer, Digest leaf) {
      return answer instanceof Answer.Tile(byte[] bytes)
              && bytes.length == about.tileBytes(from)
              && MerkleTree.leafHash(bytes).equals(leaf)
          ? bytes
          : null;
    }

    static Position down(About about, int from, int to, Answer.Halves mine, Answer.Halves other) {
      int middle = middle(from, to);
      return mine.left().equals(other.left())
          ? new Tiles(about, middle, to, mine.right(), other.right())
          : new Tiles(about, from, middle, mine.left(), other.left());
    }

    /** The first number of a tile in which they differ. */
    static Position number(About about, int tile, byte[] mine, byte[] other) {
      int width = about.facts().outInt8() ? Byte.BYTES : Integer.BYTES;
      int first = 0;
      while (About.read(mine, first, width) == About.read(other, first, width)) {
        first++;
      }
      int place = tile * Tensor.TILE + first;
      int chunks = Fold.chunks(about.facts());
      return new OneNumber(
          about,
          place,
          0,
          chunks,
          Fold.start(about.facts()),
          About.read(mine, first, width),
          About.read(other, first, width));
    }
  }

  /**
   * One number, whose fold both agree on before chunk {@code from} and differ on before chunk
   * {@code to}.
   */
  record OneNumber(
      About about, int place, int from, int to, int before, int claimant, int challenger)
      implements Position {
    @Override
    public int level() {
      return 2;
    }

    @Override
    public Query query() {
      return to - from == 1
          ? new Query.Numbers(about.facts().index(), place, from, before)
          : new Query.Running(about.facts().index(), place, half());
    }

    private int half() {
      return (from + to) >>> 1;
    }

    @Override
    public Ruling rule(Matter matter, Answer claimantSaid, Answer challengerSaid) {
      OperatorFacts facts = about.facts();
      if (to - from > 1) {
        boolean claimantRight =
            claimantSaid instanceof Answer.Value(int a) && Fold.possible(facts, half(), a);
        boolean challengerRight =
            challengerSaid instanceof Answer.Value(int b) && Fold.possible(facts, half(), b);
        if (!claimantRight || !challengerRight) {
          return new Ruling.Wrong(
              !claimantRight, !challengerRight, "told a running value that cannot be one");
        }
        int a = ((Answer.Value) claimantSaid).value();
        int b = ((Answer.Value) challengerSaid).value();
        return new Ruling.Onwards(
            a == b
                ? new OneNumber(about, place, half(), to, a, claimant, challenger)
                : new OneNumber(about, place, from, half(), before, a, b));
      }
      // The numbers are the same whoever brings them: they fit roots that both agree on.
      Integer truth = about.compute(place, from, before, claimantSaid);
      boolean claimantBrought = truth != null;
      if (truth == null) {
        truth = about.compute(place, from, before, challengerSaid);
      }
      return truth == null
          ? new Ruling.Wrong(true, true, "did not bring the numbers of the step")
          : new Ruling.Wrong(
              truth != claimant,
              truth != challenger,
              "has another number than the step gives"
                  + (claimantBrought ? "" : ", from the challenger's tiles"));
    }
  }
}
