package xyz.openledger.cluster.gateway;

import java.util.concurrent.CompletionStage;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.session.EnrolApplication;
import xyz.openledger.protocol.session.Enrolled;
import xyz.openledger.protocol.session.Hello;

/**
 * Those who know the nodes. The gateway has checked every signature and every field before it asks;
 * what is left to decide is whether such a node is wanted. Called from many threads.
 */
public interface NodeDirectory {
  /**
   * Spends a claim and makes the applicant a node.
   *
   * <p>A repeat of a claim by the keys that spent it gets the same answer: the first may have been
   * lost on its way. The claim is spent, and the node known, before the stage completes.
   *
   * @return fails with a {@link ProblemException}: {@code claim-unknown}, {@code claim-expired},
   *     {@code claim-used}, {@code unavailable}, or another refusal
   */
  CompletionStage<Enrolled> enrol(EnrolApplication application);

  /**
   * A new session of an enrolled node. An earlier session of the same node has been {@link
   * SessionSink#ended} before this is called.
   *
   * <p>{@link Hello#held} are the leases that the node's process still has from earlier sessions:
   * what is not among them is lost, what is not wanted any more is to be cancelled, what is
   * committed and was not revealed is to be asked for. Messages about held leases may come that
   * came before, in an earlier session, and are told apart by replica and fence.
   *
   * @param hub may be used as soon as the stage has completed, and until the session has ended
   * @return fails with a {@link ProblemException}: {@code forbidden} for a node that is not
   *     enrolled or was revoked (the agent stops for good), {@code unavailable} (it comes back)
   */
  CompletionStage<Admission> open(Hello hello, HubSender hub);
}
