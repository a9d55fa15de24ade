package xyz.openledger.cluster.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.blob.Held;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/** The inputs of one job: stored once its key may submit it, and no more if it is refused. */
final class Inputs {
  private final TenantId tenant;
  private final List<byte[]> contents;
  private final List<Held> held = new ArrayList<>();

  Inputs(TenantId tenant, List<byte[]> contents) {
    this.tenant = tenant;
    this.contents = contents;
  }

  /** As a job names them. */
  List<Digest> digests() {
    return contents.stream().map(Digest::of).toList();
  }

  /** Stores them, on a thread that may wait for the disk. */
  CompletionStage<?> store(BlobStore blobs, Executor disk) {
    return CompletableFuture.runAsync(() -> store(blobs), disk);
  }

  private synchronized void store(BlobStore blobs) {
    try {
      for (byte[] content : contents) {
        held.add(blobs.hold(content, tenant));
      }
    } catch (RuntimeException full) {
      held.forEach(Held::leave);
      throw full;
    }
  }

  /** It is known what became of the job, or that nobody knows: then it may have been taken. */
  synchronized void settle(@Nullable Throwable failure) {
    boolean refused = failure != null && OpenAiRefusals.cause(failure) instanceof OpenAiRefusal;
    held.forEach(refused ? Held::leave : Held::named);
  }
}
