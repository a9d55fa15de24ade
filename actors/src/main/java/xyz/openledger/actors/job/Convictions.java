package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Receipt;

/** Keeps what a member saw that convicts a node, for whoever wants to bring it to court. */
public interface Convictions {
  /** Keeps nothing. */
  Convictions NONE =
      new Convictions() {
        @Override
        public void equivocated(Equivocation seen) {}

        @Override
        public void contradicted(Receipt receipt) {}
      };

  /** A node signed two outcomes of one task. May be told again; must return at once. */
  void equivocated(Equivocation seen);

  /** A receipt refutes what nodes signed. */
  void contradicted(Receipt receipt);

  /**
   * What an outcome shows together with the one that is written down of the same replica. Nothing
   * where honest runs may differ.
   */
  static @Nullable Equivocation seen(@Nullable Job job, JobMessage.Revealed said) {
    JobReplica replica = job == null ? null : job.replica(said.replica());
    JobEvent.Reveal before = replica == null ? null : replica.reveal();
    if (job == null
        || replica == null
        || before == null
        || said.statement() == null
        || !replica.grant().node().equals(said.node())
        || before.outcome().equals(said.reveal().outcome())) {
      return null;
    }
    int index = said.replica().task().index();
    Digest task = job.tasks().get(index).identity();
    if (!said.reveal().task().equals(task)
        || job.spec().policy().verification().toleratesDifference()
        || job.workload().mayDiffer(job.spec().tasks().get(index).arguments())) {
      return null;
    }
    Accusation.Said first =
        Equivocation.said(
            said.replica(), task, before.outcome(), replica.grant().fence(), before.statement());
    Accusation.Said second =
        Equivocation.said(
            said.replica(), task, said.reveal().outcome(), said.fence(), said.statement());
    return Equivocation.of(said.node(), first, second);
  }
}
