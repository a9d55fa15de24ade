package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ReplicaId;

/** A node has its outcome and binds itself to it. */
public record Commit(ReplicaId replica, long fence, Digest commitment) {
  /** Checks the fence. */
  public Commit {
    Check.range("fence", fence, 1, Long.MAX_VALUE);
  }
}
