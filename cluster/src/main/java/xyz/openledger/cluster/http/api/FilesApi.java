package xyz.openledger.cluster.http.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.protocol.TenantId;

/** Files and batches that requesters keep. Refusals and threads as for {@link MemberApi}. */
public interface FilesApi {
  /** Keeps a file whose content is stored; {@code too-large} if its tenant has no room for it. */
  CompletionStage<StoredFile> keep(StoredFile file);

  /** Keeps a tenant's file no more; {@code not-found} if there is none. */
  CompletionStage<String> delete(TenantId tenant, String file);

  /** A tenant's files and batches, the newest first. */
  CompletionStage<FilesMessage.Shown> of(TenantId tenant);

  /** Begins a batch, or answers what has become of one of that id. */
  CompletionStage<StoredBatch> begin(StoredBatch batch);

  /** Wants no more of a tenant's batch. */
  CompletionStage<StoredBatch> cancel(TenantId tenant, String batch);

  /** Says that a batch is over. */
  CompletionStage<StoredBatch> end(String batch, StoredBatch.End end);

  /** The batches that go on, of everyone. */
  CompletionStage<List<StoredBatch>> going();
}
