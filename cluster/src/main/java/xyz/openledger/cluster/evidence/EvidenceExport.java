package xyz.openledger.cluster.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.api.LogStatus;
import xyz.openledger.protocol.api.Version;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

/**
 * Writes an evidence bundle, one file after the other as they come from the member, which gives out
 * what the caller's token may see and nothing else.
 */
public final class EvidenceExport {
  private final OpenLedgerClient client;
  private final ZipOutputStream archive;
  private final StringBuilder sums = new StringBuilder();
  private final StringBuilder placements = new StringBuilder(Placements.HEADER);
  private final Set<NodeId> nodes = new HashSet<>();
  private final Set<Digest> ruleHashes = new HashSet<>();
  private final List<String> missing = new ArrayList<>();
  private long bytes;

  private EvidenceExport(OpenLedgerClient client, ZipOutputStream archive) {
    this.client = client;
    this.archive = archive;
  }

  /** Of when the jobs finished. */
  public record Period(long fromMillis, long toMillis) {
    boolean holds(JobSummary job) {
      return job.changedAtMillis() >= fromMillis && job.changedAtMillis() < toMillis;
    }
  }

  /**
   * What was written.
   *
   * @param digest of the list of sums: who notes it notices any later change
   */
  public record Written(int jobs, long bytes, Digest digest, List<String> missing) {}

  /**
   * Writes the bundle of one job, or of a period.
   *
   * @throws IOException if it cannot be written, or would be too large; there is no file then
   */
  public static Written write(
      OpenLedgerClient client, @Nullable String job, @Nullable Period period, Path file)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path draft = Files.createTempFile(folder, ".evidence", ".zip");
    try {
      Written written;
      try (var archive = new ZipOutputStream(Files.newOutputStream(draft))) {
        written = new EvidenceExport(client, archive).all(jobs(client, job, period), period);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      return written;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static List<JobSummary> jobs(
      OpenLedgerClient client, @Nullable String job, @Nullable Period period) throws IOException {
    if (job != null) {
      return List.of(client.jobs().show(job).job());
    }
    var found = new ArrayList<JobSummary>();
    for (JobSummary each : client.jobs().list(null, Map.of())) {
      if (period != null && each.receiptIndex() != null && period.holds(each)) {
        if (found.size() == EvidenceManifest.JOBS_MAX) {
          throw new IOException(
              "a bundle has at most %d jobs; choose a shorter period"
                  .formatted(EvidenceManifest.JOBS_MAX));
        }
        found.add(each);
      }
    }
    if (found.isEmpty()) {
      throw new IOException("no job of this account has a receipt of that period");
    }
    return found;
  }

  private Written all(List<JobSummary> jobs, @Nullable Period period) throws IOException {
    Version version = client.version();
    LogStatus log = client.receipts().log();
    add(EvidenceFiles.LOG_KEY, text(log.key() + "\n"));
    int number = 0;
    for (LogStatus.Witness witness : log.witnesses()) {
      add(EvidenceFiles.WITNESS_KEYS + number++ + ".key", text(witness.key() + "\n"));
    }
    var ids = new ArrayList<JobId>();
    for (JobSummary job : jobs) {
      ids.add(job.id());
      job(job);
    }
    add(EvidenceFiles.PLACEMENTS, text(placements.toString()));
    var manifest =
        new EvidenceManifest(
            EvidenceManifest.VERSION,
            jobs.getFirst().tenant(),
            ids,
            period == null ? null : period.fromMillis(),
            period == null ? null : period.toMillis(),
            System.currentTimeMillis(),
            log.origin(),
            version.chainId(),
            version.contracts() == null ? null : version.contracts().get("NodeRegistry"),
            missing);
    add(EvidenceFiles.MANIFEST, text(Json.pretty(manifest) + "\n"));
    byte[] all = text(sums.toString());
    put(EvidenceFiles.SUMS, all);
    return new Written(jobs.size(), bytes, Digest.of(all), List.copyOf(missing));
  }

  private void job(JobSummary job) throws IOException {
    var proof = client.receipts().prove(job.id().value());
    var checkable = CheckableProof.of(proof);
    Receipt receipt = Json.read(proof.document(), Receipt.class);
    add(EvidenceFiles.receipt(job.id()), text(Json.pretty(checkable) + "\n"));
    add(EvidenceFiles.job(job.id()), text(Json.pretty(job) + "\n"));
    placements.append(Placements.lines(receipt, job.labels()));
    spec(job.id());
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        if (nodes.add(replica.node())) {
          node(replica.node());
        }
      }
    }
    if (receipt.governanceEpoch() > 0 && ruleHashes.add(receipt.ruleHash())) {
      rules(receipt);
    }
  }

  private void node(NodeId node) throws IOException {
    try {
      add(EvidenceFiles.node(node), text(Json.pretty(client.network().node(node.value())) + "\n"));
    } catch (MemberRefusal refused) {
      missing.add(EvidenceFiles.node(node) + ": " + refused.detail());
    }
  }

  private void spec(JobId job) throws IOException {
    try {
      add(EvidenceFiles.spec(job), text(Json.pretty(client.jobs().spec(job.value())) + "\n"));
    } catch (MemberRefusal refused) {
      missing.add(EvidenceFiles.spec(job) + ": " + refused.detail());
    }
  }

  private void rules(Receipt receipt) throws IOException {
    String name = EvidenceFiles.rules(receipt, EvidenceManifest.VERSION);
    try {
      GovernanceView then = client.network().rules(receipt.ruleHash());
      if (then.rules() == null) {
        missing.add(name + ": the member does not tell the rules of this hash");
      } else {
        add(name, text(Json.pretty(then.rules()) + "\n"));
      }
    } catch (MemberRefusal refused) {
      missing.add(name + ": " + refused.detail());
    }
  }

  private void add(String name, byte[] content) throws IOException {
    sums.append(EvidenceFiles.sum(name, content));
    put(name, content);
  }

  private void put(String name, byte[] content) throws IOException {
    bytes += content.length;
    if (content.length > EvidenceFiles.FILE_BYTES_MAX || bytes > EvidenceFiles.BYTES_MAX) {
      throw new IOException(
          "the bundle would be longer than %d MiB; choose a shorter period"
              .formatted(EvidenceFiles.BYTES_MAX >> 20));
    }
    archive.putNextEntry(new ZipEntry(name));
    archive.write(content);
    archive.closeEntry();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
