package xyz.openledger.cluster.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.receipts.ChainWitness;
import xyz.openledger.chainanchor.receipts.Check.Outcome;
import xyz.openledger.chainanchor.receipts.KeyWitness;
import xyz.openledger.chainanchor.receipts.ReceiptVerifier;
import xyz.openledger.chainanchor.receipts.TrustedStart;
import xyz.openledger.chainanchor.receipts.Verdict;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.json.Json;

/**
 * Checks an evidence bundle without the member that it came from, and without a network unless a
 * chain is named.
 */
public final class EvidenceCheck {
  /**
   * What is trusted already.
   *
   * @param logKey absent to take the one in the bundle, which then proves nothing by itself
   * @param sums the digest that was told when the bundle was made; absent if nobody noted it
   */
  public record Start(
      Optional<LogKey> logKey,
      Optional<ChainWitness> chain,
      List<WitnessKey> witnesses,
      @Nullable Digest sums) {}

  /**
   * What came of it.
   *
   * @param anchored whether something outside the bundle vouches for it
   * @param faults what is wrong, each with the file that it is in
   */
  public record Report(
      boolean anchored, int files, int receipts, List<String> missing, List<String> faults) {}

  private final Map<String, byte[]> files;
  private final Start start;
  private final List<String> faults = new ArrayList<>();
  private List<String> missing = List.of();

  private EvidenceCheck(Map<String, byte[]> files, Start start) {
    this.files = files;
    this.start = start;
  }

  /**
   * Checks a bundle.
   *
   * @throws IOException if the chain does not answer
   */
  public static Report check(Path bundle, Start start) throws IOException {
    Map<String, byte[]> files;
    try {
      files = EvidenceFiles.read(bundle);
    } catch (IOException | IllegalArgumentException broken) {
      return new Report(
          false, 0, 0, List.of(), List.of("%s: %s".formatted(bundle, broken.getMessage())));
    }
    return new EvidenceCheck(files, start).run();
  }

  private Report run() throws IOException {
    sums();
    int receipts = 0;
    try {
      receipts = faults.isEmpty() ? contents() : 0;
    } catch (ProblemException | IllegalArgumentException malformed) {
      faults.add(String.valueOf(malformed.getMessage()));
    }
    boolean anchored = start.logKey().isPresent() || start.chain().isPresent();
    return new Report(anchored, files.size(), receipts, missing, List.copyOf(faults));
  }

  /** Nothing else can be said of files that are not those that were written. */
  private void sums() {
    byte[] sums = files.getOrDefault(EvidenceFiles.SUMS, new byte[0]);
    if (start.sums() != null && !start.sums().equals(Digest.of(sums))) {
      faults.add(EvidenceFiles.SUMS + ": not the one of the digest that was given");
    }
    var named = new TreeSet<String>();
    for (String line : new String(sums, StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      String name = line.substring(Math.min(line.length(), 66));
      byte[] content = files.get(name);
      if (!named.add(name) || content == null) {
        faults.add("%s: names %s, which is not there once".formatted(EvidenceFiles.SUMS, name));
      } else if (!EvidenceFiles.sum(name, content).equals(line + "\n")) {
        faults.add(name + ": changed since the bundle was made");
      }
    }
    for (String name : files.keySet()) {
      if (!name.equals(EvidenceFiles.SUMS) && !named.contains(name)) {
        faults.add(name + ": not named in " + EvidenceFiles.SUMS);
      }
    }
    if (!named.contains(EvidenceFiles.MANIFEST)) {
      faults.add(EvidenceFiles.MANIFEST + ": missing");
    }
  }

  private int contents() throws IOException {
    var manifest = read(EvidenceFiles.MANIFEST, EvidenceManifest.class);
    missing = manifest.missing();
    var placements = new StringBuilder(Placements.HEADER);
    var expected = new TreeSet<String>(List.of(EvidenceFiles.MANIFEST, EvidenceFiles.PLACEMENTS));
    var start = trusted(expected);
    if (!start
        .logKey()
        .map(LogKey::name)
        .orElse(manifest.logOrigin())
        .equals(manifest.logOrigin())) {
      faults.add(EvidenceFiles.MANIFEST + ": names another log than the key");
    }
    var nodes = new EvidenceNodes(this, manifest);
    for (JobId job : manifest.jobs()) {
      Optional<Receipt> found = receipt(job, manifest, start);
      if (found.isEmpty()) {
        continue;
      }
      Receipt receipt = found.get();
      var summary = read(EvidenceFiles.job(job), JobSummary.class);
      expected.add(EvidenceFiles.receipt(job));
      expected.add(EvidenceFiles.job(job));
      job(receipt, summary);
      placements.append(Placements.lines(receipt, summary.labels()));
      nodes.check(receipt, expected);
      rules(receipt, manifest.version(), expected);
      if (manifest.version() >= EvidenceManifest.WITH_POLICIES) {
        spec(receipt, expected);
      } else if (receipt.version() >= Receipt.DIVIDED) {
        // Who wrote such receipts wrote bundles with policies: one without has been stepped down.
        faults.add(
            "%s: of version %d, and %s of version %d, which is older than such receipts"
                .formatted(
                    EvidenceFiles.receipt(job),
                    receipt.version(),
                    EvidenceFiles.MANIFEST,
                    manifest.version()));
      }
    }
    if (!placements.toString().equals(text(EvidenceFiles.PLACEMENTS))) {
      faults.add(EvidenceFiles.PLACEMENTS + ": not what the receipts and jobs say");
    }
    for (String name : files.keySet()) {
      if (!name.equals(EvidenceFiles.SUMS) && !expected.contains(name) && faults.isEmpty()) {
        faults.add(name + ": belongs to no job of the bundle");
      }
    }
    return manifest.jobs().size();
  }

  private TrustedStart trusted(Set<String> expected) {
    var inside = LogKey.parse(text(EvidenceFiles.LOG_KEY));
    expected.add(EvidenceFiles.LOG_KEY);
    for (String name : files.keySet()) {
      if (name.startsWith(EvidenceFiles.WITNESS_KEYS)) {
        expected.add(name);
        var _ = WitnessKey.parse(text(name));
      }
    }
    LogKey key = start.logKey().orElse(inside);
    if (!inside.toString().equals(key.toString())) {
      faults.add(EvidenceFiles.LOG_KEY + ": not the key that was given");
    }
    return new TrustedStart(Optional.of(key), start.chain(), start.witnesses());
  }

  private Optional<Receipt> receipt(JobId job, EvidenceManifest manifest, TrustedStart trusted)
      throws IOException {
    String name = EvidenceFiles.receipt(job);
    Verdict verdict = ReceiptChecks.verify(bytes(name), trusted);
    var failure = verdict.failure();
    if (failure.isPresent() || !verdict.verified()) {
      faults.add(
          "%s: %s"
              .formatted(
                  name,
                  failure.map(check -> check.name() + ", " + check.reason()).orElse("unproven")));
      return Optional.empty();
    }
    Receipt receipt = Json.read(Json.tree(bytes(name)).get("document"), Receipt.class);
    if (!receipt.job().equals(job) || !receipt.tenant().equals(manifest.tenant())) {
      faults.add(name + ": of another job or another account than the manifest says");
    }
    Long from = manifest.fromMillis();
    Long to = manifest.toMillis();
    if (from != null && to != null && receipt.submittedAtMillis() >= to) {
      faults.add(name + ": not of the period that the manifest says");
    }
    return Optional.of(receipt);
  }

  private void job(Receipt receipt, JobSummary summary) {
    boolean same =
        summary.id().equals(receipt.job())
            && summary.tenant().equals(receipt.tenant())
            && summary.spec().equals(receipt.spec())
            && summary.verification().equals(receipt.verification())
            && summary.chargedNanoOpen() == receipt.chargedNanoOpen()
            && summary.taskCount() == receipt.tasks().size()
            && summary.submittedAtMillis() == receipt.submittedAtMillis();
    if (!same) {
      faults.add(EvidenceFiles.job(receipt.job()) + ": says something else than the receipt");
    }
  }

  /** What was submitted, with the policy that placements and verification had to obey. */
  private void spec(Receipt receipt, Set<String> expected) {
    String name = EvidenceFiles.spec(receipt.job());
    if (!isMissing(name)) {
      expected.add(name);
      var spec = read(name, JobSpec.class);
      if (!spec.digest().equals(receipt.spec())
          || !spec.policy().verification().equals(receipt.verification())
          || spec.policy().limits().dataClass() != receipt.dataClass()) {
        faults.add(name + ": not the job that the receipt is of");
      }
    }
  }

  private void rules(Receipt receipt, int version, Set<String> expected) {
    Division division = receipt.division();
    if (receipt.governanceEpoch() == 0) {
      if (division != null && !division.split().equals(FeeSplit.NONE)) {
        faults.add(EvidenceFiles.receipt(receipt.job()) + ": divided, and there were no rules");
      }
      return;
    }
    String name = EvidenceFiles.rules(receipt, version);
    if (!isMissing(name)) {
      expected.add(name);
      Digest hash = Digest.of(Json.canonical(Json.tree(bytes(name))));
      if (!hash.equals(receipt.ruleHash())) {
        faults.add(name + ": not the rules whose hash is in the receipt");
      }
      JsonNode split = Json.tree(bytes(name)).path("feeSplit");
      FeeSplit due = split.isObject() ? Json.read(split, FeeSplit.class) : FeeSplit.NONE;
      // Receipts that are older than divisions say nothing of them; amounts() finds the others.
      if (division != null && !due.equals(division.split())) {
        faults.add(EvidenceFiles.receipt(receipt.job()) + ": divided otherwise than " + name);
      }
    }
  }

  /** Whether the manifest says that a file is not there; then it must not be. */
  boolean isMissing(String name) {
    boolean said = missing.stream().anyMatch(line -> line.startsWith(name + ":"));
    return said && !files.containsKey(name);
  }

  void fault(String text) {
    faults.add(text);
  }

  <T> T read(String name, Class<T> type) {
    try {
      return Json.read(bytes(name), type);
    } catch (ProblemException malformed) {
      throw new IllegalArgumentException(name + ": " + malformed.detail(), malformed);
    }
  }

  private byte[] bytes(String name) {
    byte[] content = files.get(name);
    if (content == null) {
      throw new IllegalArgumentException(name + ": missing");
    }
    return content;
  }

  private String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  Optional<Outcome> statements(Receipt receipt, KeyWitness keys) throws IOException {
    var check = ReceiptVerifier.statements(receipt, keys);
    if (check.outcome() == Outcome.FAILED) {
      faults.add(EvidenceFiles.receipt(receipt.job()) + ": " + check.reason());
    }
    return Optional.of(check.outcome());
  }
}
