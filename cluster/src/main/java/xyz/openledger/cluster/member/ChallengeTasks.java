package xyz.openledger.cluster.member;

import java.security.SecureRandom;
import xyz.openledger.actors.node.Challenge;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/** Draws the challenges that nodes must solve; puts their module where nodes fetch it. */
final class ChallengeTasks implements Challenge.Source {
  private static final int ROUNDS = 500_000;
  private static final long FUEL_MAX = 1_000_000_000L;
  private static final long MEMORY_MAX_BYTES = 16L << 20;
  private static final long OUTPUT_MAX_BYTES = 64;

  private final Digest module;
  private final Digest code;
  private final Digest input;
  private final SecureRandom random = new SecureRandom();

  ChallengeTasks(BlobStore blobs, Gatekeeper gatekeeper) {
    module = blobs.put(xyz.openledger.verification.challenge.Challenge.module()).digest();
    input = blobs.put(new byte[0]).digest();
    code = gatekeeper.code(module);
  }

  @Override
  public Challenge draw(NodeId node) {
    var task =
        new xyz.openledger.verification.challenge.Challenge(
            random.nextLong(Long.MAX_VALUE), ROUNDS);
    return new Challenge(
        module,
        code,
        task.arguments(),
        input,
        FUEL_MAX,
        MEMORY_MAX_BYTES,
        OUTPUT_MAX_BYTES,
        Digest.of(task.output()));
  }
}
