package xyz.openledger.cluster.http;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import xyz.openledger.actors.files.FilesEvent;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.Shelf;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** Files under the real rules, without a journal. */
final class FakeFiles implements FilesApi {
  static final String FILE = "file-000000000000000000000001";
  static final String SAMPLES = "file-000000000000000000000002";
  static final String BATCH = "batch_000000000000000000000001";

  private final Shelf shelf = new Shelf();

  /** Whether no more files are kept. */
  volatile boolean full;

  /** Has the file and the batch that the document's examples name. */
  void examples(Digest content, long bytes) {
    apply(
        shelf.keep(
            new StoredFile(
                FILE, RunningServer.DEMO, "questions.jsonl", "batch", content, bytes, 1)));
    apply(
        shelf.begin(
            new StoredBatch(
                BATCH,
                RunningServer.DEMO,
                "/v1/chat/completions",
                FILE,
                content,
                Map.of(),
                1,
                0,
                null)));
  }

  /** Has the file to learn from that the document's example names. */
  void samples(String id, Digest content, long bytes) {
    apply(
        shelf.keep(
            new StoredFile(
                id, RunningServer.DEMO, "samples.jsonl", "fine-tune", content, bytes, 1)));
  }

  private synchronized void apply(List<FilesEvent> events) {
    events.forEach(shelf::apply);
  }

  private synchronized <T> CompletionStage<T> now(
      Supplier<List<FilesEvent>> decision, Supplier<T> answer) {
    try {
      apply(decision.get());
      return CompletableFuture.completedFuture(answer.get());
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  @Override
  public CompletionStage<StoredFile> keep(StoredFile file) {
    if (full) {
      return CompletableFuture.failedFuture(
          new ProblemException(Problem.TOO_LARGE, "file", "there is no room"));
    }
    return now(() -> shelf.keep(file), () -> Objects.requireNonNull(shelf.fileNamed(file.id())));
  }

  @Override
  public CompletionStage<String> delete(TenantId tenant, String file) {
    StoredFile example = file.equals(FILE) ? shelf.fileNamed(FILE) : null;
    return now(
        () -> shelf.delete(file, tenant, 2),
        () -> {
          if (example != null) {
            // Other examples name it, too.
            apply(shelf.keep(example));
          }
          return file;
        });
  }

  @Override
  public CompletionStage<FilesMessage.Shown> of(TenantId tenant) {
    return now(
        List::of,
        () ->
            new FilesMessage.Shown(
                List.copyOf(shelf.filesOf(tenant).reversed()),
                List.copyOf(shelf.batchesOf(tenant).reversed())));
  }

  @Override
  public CompletionStage<StoredBatch> begin(StoredBatch batch) {
    return now(
        () -> shelf.begin(batch), () -> Objects.requireNonNull(shelf.batchNamed(batch.id())));
  }

  @Override
  public CompletionStage<StoredBatch> cancel(TenantId tenant, String batch) {
    return now(
        () -> shelf.cancel(batch, tenant, 3),
        () -> Objects.requireNonNull(shelf.batchNamed(batch)));
  }

  @Override
  public CompletionStage<StoredBatch> end(String batch, StoredBatch.End end) {
    return now(() -> shelf.end(batch, end), () -> Objects.requireNonNull(shelf.batchNamed(batch)));
  }

  @Override
  public CompletionStage<List<StoredBatch>> going() {
    return now(List::of, shelf::going);
  }
}
