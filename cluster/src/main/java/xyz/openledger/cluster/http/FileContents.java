package xyz.openledger.cluster.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * Deletes from this member's blobs what was the content of files, once no file has it and no batch
 * that goes on asks it. What anything else may name the store does not give away.
 */
final class FileContents {
  private static final Logger LOG = LoggerFactory.getLogger(FileContents.class);

  private final FilesApi files;
  private final BlobStore blobs;
  private final Executor disk;

  FileContents(FilesApi files, BlobStore blobs, Executor disk) {
    this.files = files;
    this.blobs = blobs;
    this.disk = disk;
  }

  /** Looks at all tenants' files. What fails is left for the next time. */
  void sweep() {
    blobs.filing().forEach(tenant -> sweep(tenant).toCompletableFuture().join());
  }

  /** Looks at a tenant's files; never fails. */
  CompletionStage<?> sweep(TenantId tenant) {
    // First the contents, so that a file that comes meanwhile keeps its own.
    return CompletableFuture.supplyAsync(() -> blobs.fileContents(tenant), disk)
        .thenCompose(
            contents ->
                contents.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : files.of(tenant).thenCompose(shown -> begun(tenant, contents, shown)))
        .exceptionally(
            notNow -> {
              LOG.debug("files of {} are looked at later: {}", tenant, notNow.toString());
              return null;
            });
  }

  /** Once more for the batches: one may have begun with a file whose page came later, and went. */
  private CompletionStage<Void> begun(
      TenantId tenant, Map<Digest, Long> contents, FilesMessage.Shown shown) {
    return files
        .of(tenant)
        .thenAcceptAsync(
            later -> drop(contents, shown.files(), shown.batches(), later.batches()), disk);
  }

  private void drop(
      Map<Digest, Long> contents,
      List<StoredFile> kept,
      List<StoredBatch> batches,
      List<StoredBatch> later) {
    var wanted =
        Stream.concat(
                kept.stream().map(StoredFile::content),
                Stream.concat(batches.stream(), later.stream())
                    .filter(batch -> batch.end() == null)
                    .map(StoredBatch::content))
            .collect(Collectors.toSet());
    contents.forEach(
        (content, stamp) -> {
          if (!wanted.contains(content)) {
            blobs.drop(content, stamp);
          }
        });
  }
}
