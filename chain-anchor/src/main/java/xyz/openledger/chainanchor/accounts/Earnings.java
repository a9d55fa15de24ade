package xyz.openledger.chainanchor.accounts;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.chainanchor.accounts.EarningsStatement.Line;
import xyz.openledger.chainanchor.accounts.EarningsStatement.Standing;

/**
 * Statements of earnings per node, as a fold over the ledger's events. Keeps the totals of every
 * node for ever and the last {@link #LINES_MAX} lines of each.
 *
 * <p>Not thread-safe.
 */
public final class Earnings {
  /** The most lines kept per node. */
  public static final int LINES_MAX = 1_000;

  private final Map<String, Node> nodes = new HashMap<>();
  private long closedEpoch;
  private long publishedEpoch;

  /** Takes an event into account; events that earn nobody anything change nothing. */
  public void apply(LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Settled settled -> {
        for (Payment payment : settled.payments()) {
          node(payment.nodeId()).pay(settled.jobId(), payment, closedEpoch + 1);
        }
        for (Withholding withheld : settled.withheld()) {
          node(withheld.nodeId()).withhold(settled.jobId(), withheld);
        }
        payModel(settled);
      }
      case LedgerEvent.PayoutEpochClosed closed -> closedEpoch = closed.epoch();
      case LedgerEvent.PayoutEpochPublished published -> publishedEpoch = published.epoch();
      case LedgerEvent.PayoutEpochReopened reopened -> reopen(reopened.closed().epoch());
      case LedgerEvent.Claimed claimed -> claim(claimed.payee(), claimed.amountNanoOpen());
      default -> {
        // Earns nobody anything.
      }
    }
  }

  /** What was in an epoch that was taken back will be in the one after it. */
  private void reopen(long epoch) {
    closedEpoch = Math.max(closedEpoch, epoch);
    for (String id : nodeIds()) {
      node(id).reopen(epoch);
    }
  }

  /** What the owner of a model gets stands in a statement of his own. */
  private void payModel(LedgerEvent.Settled settled) {
    FeeShares shares = settled.shares();
    String payee = shares == null ? null : shares.modelPayee();
    if (shares != null && payee != null && shares.modelNanoOpen() > 0) {
      var share =
          new Payment(settled.jobId() + "/model", models(payee), payee, shares.modelNanoOpen(), 0);
      node(models(payee)).pay(settled.jobId(), share, closedEpoch + 1);
    }
  }

  /** Whose statement tells what the models of an owner, a lower-case address, brought him. */
  public static String models(String owner) {
    return "models/" + owner;
  }

  /** The statement of a node; empty for one that never ran anything. */
  public EarningsStatement statement(String nodeId) {
    var node = nodes.getOrDefault(nodeId, new Node());
    node.settle(closedEpoch, publishedEpoch);
    return new EarningsStatement(
        nodeId,
        node.payee,
        node.earned,
        node.publishing,
        node.claimable,
        node.withheld,
        node.claimed,
        lines(node));
  }

  /** An owner claims for all of his nodes at once: what he took is taken from each in turn. */
  private void claim(String payee, long amountNanoOpen) {
    long left = amountNanoOpen;
    for (String id : nodeIds()) {
      Node node = node(id);
      if (node.payee.equals(payee)) {
        long taken = Math.min(left, node.claimable);
        node.claimable -= taken;
        node.claimed += taken;
        left -= taken;
      }
    }
  }

  /**
   * The newest lines that make up what is claimable are so; what was published before is taken. A
   * line of which a part is taken becomes two.
   */
  private List<Line> lines(Node node) {
    var lines = new ArrayDeque<Line>();
    long claimable = node.claimable;
    for (var newest = node.lines.descendingIterator(); newest.hasNext(); ) {
      Line line = stand(newest.next());
      if (line.standing() == Standing.CLAIMABLE) {
        long left = Math.min(claimable, line.netNanoOpen());
        claimable -= left;
        if (left > 0 && left < line.netNanoOpen()) {
          lines.addFirst(line.part(left, 0, Standing.CLAIMABLE));
        }
        line =
            left > 0 && left == line.netNanoOpen()
                ? line
                : line.part(line.netNanoOpen() - left, line.feeNanoOpen(), Standing.CLAIMED);
      }
      lines.addFirst(line);
    }
    return List.copyOf(lines);
  }

  /** All nodes with a statement. */
  public List<String> nodeIds() {
    return nodes.keySet().stream().sorted().toList();
  }

  private Node node(String nodeId) {
    var node = nodes.computeIfAbsent(nodeId, _ -> new Node());
    node.settle(closedEpoch, publishedEpoch);
    return node;
  }

  /** A line knows the epoch it will be in; whether that is closed or published is known here. */
  private Line stand(Line line) {
    if (line.standing() == Standing.WITHHELD) {
      return line;
    }
    var standing =
        line.epoch() <= publishedEpoch
            ? Standing.CLAIMABLE
            : line.epoch() <= closedEpoch ? Standing.PUBLISHING : Standing.EARNED;
    return new Line(
        line.jobId(),
        line.replicaId(),
        line.netNanoOpen(),
        line.feeNanoOpen(),
        standing,
        standing == Standing.EARNED ? 0 : line.epoch(),
        "");
  }

  private static final class Node {
    private final Deque<Line> lines = new ArrayDeque<>();
    private String payee = "";
    private long epoch = 1;
    private long publishingEpoch;
    private long earned;
    private long publishing;
    private long claimable;
    private long withheld;
    private long claimed;

    /** Moves the totals on to where the epochs are by now. */
    private void settle(long closedEpoch, long publishedEpoch) {
      if (publishingEpoch <= publishedEpoch) {
        claimable += publishing;
        publishing = 0;
      }
      if (epoch <= publishedEpoch) {
        claimable += earned;
        earned = 0;
      } else if (epoch <= closedEpoch) {
        // One epoch is open at most, so nothing older is still being published.
        publishing = earned;
        publishingEpoch = epoch;
        earned = 0;
      }
      epoch = closedEpoch + 1;
    }

    private void reopen(long reopened) {
      if (publishing > 0 && publishingEpoch == reopened) {
        earned = Math.addExact(earned, publishing);
        publishing = 0;
      }
      var again = lines.stream().map(line -> line.epoch() == reopened ? in(line) : line).toList();
      lines.clear();
      lines.addAll(again);
    }

    /** The line, in the epoch that what is earned now will be in. */
    private Line in(Line line) {
      return new Line(
          line.jobId(),
          line.replicaId(),
          line.netNanoOpen(),
          line.feeNanoOpen(),
          line.standing(),
          epoch,
          line.reason());
    }

    private void pay(String jobId, Payment payment, long nextEpoch) {
      payee = payment.payee();
      earned = Math.addExact(earned, payment.netNanoOpen());
      add(
          new Line(
              jobId,
              payment.replicaId(),
              payment.netNanoOpen(),
              payment.feeNanoOpen(),
              Standing.EARNED,
              nextEpoch,
              ""));
    }

    private void withhold(String jobId, Withholding unpaid) {
      payee = unpaid.payee();
      withheld = Math.addExact(withheld, unpaid.priceNanoOpen());
      add(
          new Line(
              jobId,
              unpaid.replicaId(),
              unpaid.priceNanoOpen(),
              0,
              Standing.WITHHELD,
              0,
              unpaid.reason()));
    }

    private void add(Line line) {
      lines.addLast(line);
      if (lines.size() > LINES_MAX) {
        lines.removeFirst();
      }
    }
  }
}
