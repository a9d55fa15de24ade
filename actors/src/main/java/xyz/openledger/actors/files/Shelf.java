package xyz.openledger.actors.files;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * The files and batches that there are. What may happen to them is decided here, without actors.
 * Not thread-safe.
 */
public final class Shelf {
  /** The most files of one tenant. */
  static final int FILES_MAX = 1_000;

  /** The most bytes of one tenant's files together. */
  static final long BYTES_MAX = 1L << 30;

  /** The most batches of one tenant that go on at once. */
  static final int GOING_MAX = 16;

  /** Batches that are remembered of one tenant; of more, the oldest that ended are forgotten. */
  static final int BATCHES_MAX = 1_000;

  private final Map<String, StoredFile> files = new LinkedHashMap<>();
  private final Map<String, StoredBatch> batches = new LinkedHashMap<>();

  /** What keeping a file means; refuses with {@code too-large} what a tenant has no room for. */
  public List<FilesEvent> keep(StoredFile file) {
    if (files.containsKey(file.id())) {
      return List.of();
    }
    List<StoredFile> of = filesOf(file.tenant());
    long bytes = of.stream().mapToLong(StoredFile::bytes).sum();
    if (of.size() >= FILES_MAX || bytes + file.bytes() > BYTES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "file",
          "a tenant keeps at most %d files of %d MiB together; delete some"
              .formatted(FILES_MAX, BYTES_MAX >> 20));
    }
    return List.of(new FilesEvent.Kept(file));
  }

  /** What it means that a tenant's file goes. */
  public List<FilesEvent> delete(String id, TenantId tenant, long nowMillis) {
    file(id, tenant);
    return List.of(new FilesEvent.Deleted(id, nowMillis));
  }

  /** What beginning a batch means; nothing if it was begun. */
  public List<FilesEvent> begin(StoredBatch batch) {
    if (batches.containsKey(batch.id())) {
      return List.of();
    }
    file(batch.input(), batch.tenant());
    if (batchesOf(batch.tenant()).stream().filter(one -> one.end() == null).count() >= GOING_MAX) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "",
          "a tenant has at most %d batches under way".formatted(GOING_MAX));
    }
    return List.of(new FilesEvent.Begun(batch));
  }

  /** What it means that a tenant wants no more of a batch. */
  public List<FilesEvent> cancel(String id, TenantId tenant, long nowMillis) {
    StoredBatch batch = batch(id, tenant);
    return batch.isUnwanted() || batch.end() != null
        ? List.of()
        : List.of(new FilesEvent.Unwanted(id, nowMillis));
  }

  /** What the end of a batch means; nothing if it has ended. */
  public List<FilesEvent> end(String id, StoredBatch.End end) {
    StoredBatch batch = batches.get(id);
    return batch == null || batch.end() != null
        ? List.of()
        : List.of(new FilesEvent.Ended(id, end));
  }

  /** Takes note of what happened. */
  public void apply(FilesEvent event) {
    switch (event) {
      case FilesEvent.Kept(var file) -> files.put(file.id(), file);
      case FilesEvent.Deleted(var id, _) -> files.remove(id);
      case FilesEvent.Begun(var batch) -> {
        batches.put(batch.id(), batch);
        forget(batch.tenant());
      }
      case FilesEvent.Unwanted(var id, var atMillis) ->
          batches.computeIfPresent(id, (_, batch) -> batch.cancelled(atMillis));
      case FilesEvent.Ended(var id, var end) ->
          batches.computeIfPresent(id, (_, batch) -> batch.ended(end));
    }
  }

  private void forget(TenantId tenant) {
    List<StoredBatch> of = batchesOf(tenant);
    of.stream()
        .filter(batch -> batch.end() != null)
        .limit(Math.max(0, of.size() - BATCHES_MAX))
        .forEach(batch -> batches.remove(batch.id()));
  }

  /** The file of that id, or null. */
  public @Nullable StoredFile fileNamed(String id) {
    return files.get(id);
  }

  /** The batch of that id, or null. */
  public @Nullable StoredBatch batchNamed(String id) {
    return batches.get(id);
  }

  /** A tenant's files, the oldest first. */
  public List<StoredFile> filesOf(TenantId tenant) {
    return files.values().stream().filter(file -> file.tenant().equals(tenant)).toList();
  }

  /** A tenant's batches, the oldest first. */
  public List<StoredBatch> batchesOf(TenantId tenant) {
    return batches(batch -> batch.tenant().equals(tenant));
  }

  /** Batches that have not ended. */
  public List<StoredBatch> going() {
    return batches(batch -> batch.end() == null);
  }

  private List<StoredBatch> batches(Predicate<StoredBatch> fits) {
    return batches.values().stream().filter(fits).toList();
  }

  private StoredFile file(String id, TenantId tenant) {
    StoredFile file = files.get(id);
    if (file == null || !file.tenant().equals(tenant)) {
      throw new ProblemException(Problem.NOT_FOUND, "file", "there is no file " + brief(id));
    }
    return file;
  }

  private StoredBatch batch(String id, TenantId tenant) {
    StoredBatch batch = batches.get(id);
    if (batch == null || !batch.tenant().equals(tenant)) {
      throw new ProblemException(Problem.NOT_FOUND, "batch", "there is no batch " + brief(id));
    }
    return batch;
  }

  private static String brief(String id) {
    return id.substring(0, Math.min(80, id.length()));
  }
}
