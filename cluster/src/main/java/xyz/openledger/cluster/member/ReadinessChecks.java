package xyz.openledger.cluster.member;

import java.util.List;
import xyz.openledger.protocol.api.Readiness;

/** Whether a member should be given requests: what it looks at, cheaply, each time it is asked. */
final class ReadinessChecks {
  private ReadinessChecks() {}

  /**
   * What the looks say.
   *
   * @param viewsFollow whether views are kept in step with the journal
   * @param blobsFit whether a blob of any allowed size would be stored
   */
  static Readiness of(boolean viewsFollow, boolean blobsFit) {
    return Readiness.of(
        List.of(
            new Readiness.Check(
                "views",
                viewsFollow,
                viewsFollow
                    ? "follow the journal"
                    : "stopped following the journal; its log says why; restart the member"),
            new Readiness.Check(
                "blobs",
                blobsFit,
                blobsFit
                    ? "have room"
                    : "are full; raise openledger.blobs.total-max and restart the member")));
  }
}
