package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.RpcWitness;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.cluster.evidence.CheckableProof;
import xyz.openledger.cluster.evidence.EvidenceCheck;
import xyz.openledger.cluster.evidence.EvidenceExport;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.LogStatus;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * What somebody can check who has nothing from us but keys, an address and a node of the chain: the
 * page that says how, run as it stands, and evidence bundles. Each finds what is changed. And the
 * network whose witness dies.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsiderTest {
  private static final int JOBS = 3;
  private static final Path DOCS = Demo.home().resolve("docs");

  /** Where npm puts cast; where it has none for this system, whatever is installed. */
  private static final Path CAST =
      Demo.home().resolve("chain-anchor/node_modules/@foundry-rs/cast-linux-amd64/bin");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private LocalNetwork network;
  private JobFile hello;
  private JobId job;
  private String rpc;
  private String anchorLog;

  @BeforeAll
  void start() throws IOException {
    Path member = Files.createDirectories(folder.resolve("data/member"));
    Files.writeString(
        member.resolve("governance.json"),
        """
        {"epoch":1,"feeSplit":{"platformBasisPoints":500,"modelBasisPoints":333,
         "stakersBasisPoints":125,"dataBasisPoints":25}}
        """);
    network = new LocalNetwork(folder.resolve("data"));
    network.startMember(List.of("hearth"));
    network.startMachine(Cast.ADA);
    network.startMachine(Cast.BOB);
    network.deposit(10_000_000_000L);
    network.awaitReady(2);
    hello = JobFile.read(Demo.home().resolve("examples/hello/job.json"));
    hello.upload(network.client().blobs(), (_, _) -> {});
    for (int i = 1; i < JOBS; i++) {
      settled();
    }
    job = settled();
    LocalNetwork.await("the anchor", () -> level(job) == ReceiptLevel.FINAL);
    LocalNetwork.await("the payout", () -> !payouts().contains("\"epoch\":0"));
    rpc = Objects.requireNonNull(network.memberFile().rpcUrl()).toString();
    anchorLog = network.contracts().anchorLog().value();
  }

  @AfterAll
  void stop() {
    network.close();
  }

  @Test
  void thePageHoldsAsItStands() throws Exception {
    Ran ran = page(files());

    assertThat(ran.code()).as(ran.text()).isZero();
    assertThat(ran.text())
        .contains("holds: the chain has this root", "holds: the share of model")
        .contains("holds: cast finds the same root")
        .contains("they are the same")
        .contains("holds: of ")
        .doesNotContain("NOT");
  }

  @Test
  void thePageFindsWhateverIsChanged() throws Exception {
    String foreignLog =
        LogKey.of(log().origin(), Ed25519Key.generate().publicKey()).toString() + "\n";
    String foreignWitness =
        WitnessKey.of("openledger.xyz/witness/development", Ed25519Key.generate().publicKey())
            + "\n";
    var changes = new LinkedHashMap<String, UnaryOperator<Map<String, String>>>();
    changes.put("charge", receipt(r -> document(r).put("chargedNanoOpen", "1")));
    changes.put(
        "share",
        receipt(r -> ((ObjectNode) document(r).get("division")).put("modelNanoOpen", "1")));
    changes.put("no division", receipt(r -> document(r).remove("division")));
    changes.put("leaf", receipt(r -> r.put("leaf", flipped(r.get("leaf").textValue()))));
    changes.put("index", receipt(r -> r.put("index", (r.get("index").asInt() + 1) % 2)));
    changes.put("proof", receipt(r -> ((ArrayNode) r.get("inclusion")).set(0, digest())));
    changes.put(
        "size in the checkpoint",
        receipt(
            r -> r.put("checkpoint", r.get("checkpoint").textValue().replace("\n3\n", "\n4\n"))));
    changes.put(
        "cosignature",
        receipt(
            r -> {
              String note = r.get("checkpoint").textValue().stripTrailing();
              r.put("checkpoint", note.substring(0, note.length() - 12) + "AAAAAAAAAAA=\n");
            }));
    changes.put("anchored size", receipt(r -> ((ObjectNode) r.get("anchor")).put("size", 99)));
    changes.put("log's key", files -> with(files, "log.key", foreignLog));
    changes.put("witness's key", files -> with(files, "witness.key", foreignWitness));
    changes.put("contract", files -> with(files, "ANCHOR", "0x" + "1".repeat(40)));
    changes.put("distributor", files -> with(files, "DISTRIBUTOR", "0x" + "1".repeat(40)));
    Path liar = Files.createDirectories(folder.resolve("liar/log"));
    Files.writeString(liar.resolve("payouts"), forged(payouts()));
    changes.put("payouts", files -> with(files, "MEMBER", liar.getParent().toUri().toString()));
    for (var change : changes.entrySet()) {
      Ran ran = page(change.getValue().apply(files()));

      assertThat(ran.code()).as(change.getKey() + "\n" + ran.text()).isNotZero();
    }
  }

  @Test
  void theScriptMakesThePayoutRootAgainAndFindsAChangedAmount() throws Exception {
    String published = payouts();
    Path file = folder.resolve("payouts.json");
    Files.writeString(file, published);
    String script = DOCS.resolve("check/payouts.mjs").toString();

    Ran honest = run(List.of("node", script, file.toString(), rpc), Map.of());
    assertThat(honest.code()).as(honest.text()).isZero();
    assertThat(honest.text()).contains("they are the same");

    Files.writeString(file, forged(published));
    Ran lie = run(List.of("node", script, file.toString(), rpc), Map.of());
    assertThat(lie.code()).as(lie.text()).isEqualTo(1);
    assertThat(lie.text()).contains("NOT the same");
  }

  /** Somebody was given ten times as much. */
  private static String forged(String payouts) {
    return Pattern.compile("\"cumulativeWei\":\"(\\d+)\"")
        .matcher(payouts)
        .replaceFirst(found -> "\"cumulativeWei\":\"" + found.group(1) + "0\"");
  }

  @Test
  void anEvidenceBundleIsVerifiedOfflineAndByTheChain() throws Exception {
    Path file = folder.resolve("job.zip");
    var written = EvidenceExport.write(network.client(), job.value(), null, file);

    assertThat(written.missing()).isEmpty();
    var offline = EvidenceCheck.check(file, start(Optional.of(logKey()), written.digest()));
    assertThat(offline.faults()).isEmpty();
    assertThat(offline.anchored()).isTrue();
    var chain =
        RpcWitness.connect(
            URI.create(rpc), network.contracts().anchorLog(), network.contracts().registry(), 0);
    var online =
        EvidenceCheck.check(
            file,
            new EvidenceCheck.Start(
                Optional.empty(), Optional.of(chain), List.of(witnessKey()), null));
    assertThat(online.faults()).isEmpty();
    assertThat(EvidenceCheck.check(file, start(Optional.empty(), null)).anchored()).isFalse();
  }

  @Test
  void aPeriodHasAllItsJobsAndAnEmptyOneIsRefused() throws Exception {
    Path file = folder.resolve("period.zip");
    var later = "{\"epoch\":2,\"feeSplit\":{\"platformBasisPoints\":500,\"modelBasisPoints\":333}}";
    var _ =
        network.client().network().setGovernance(Json.tree(later.getBytes(StandardCharsets.UTF_8)));
    var written =
        EvidenceExport.write(
            network.client(), null, new EvidenceExport.Period(0, Long.MAX_VALUE), file);

    assertThat(written.jobs()).isGreaterThanOrEqualTo(JOBS);
    assertThat(written.missing()).as("of rules that were replaced, too").isEmpty();
    assertThat(EvidenceCheck.check(file, start(Optional.of(logKey()), null)).faults()).isEmpty();
    Path none = folder.resolve("none.zip");
    assertThatThrownBy(
            () ->
                EvidenceExport.write(network.client(), null, new EvidenceExport.Period(0, 1), none))
        .isInstanceOf(IOException.class);
    assertThat(none).doesNotExist();
  }

  @Test
  void eachFileOfABundleThatIsChangedIsNamed() throws Exception {
    Path file = folder.resolve("tamper.zip");
    EvidenceExport.write(network.client(), job.value(), null, file);
    var start = start(Optional.of(logKey()), null);
    Map<String, String> whole = BundleFiles.unpack(file);
    for (String name : whole.keySet()) {
      var changed = new LinkedHashMap<>(whole);
      changed.put(name, whole.get(name).replaceFirst("[0-9](?=[^0-9]*$)", "x"));
      assertThat(changed.get(name)).isNotEqualTo(whole.get(name));

      assertThat(EvidenceCheck.check(BundleFiles.pack(changed, folder), start).faults())
          .as(name)
          .anyMatch(fault -> fault.startsWith(name) || name.equals("SHA256SUMS"));
      changed.remove(name);
      assertThat(EvidenceCheck.check(BundleFiles.pack(changed, folder), start).faults())
          .as(name)
          .isNotEmpty();
    }
    assertThat(
            EvidenceCheck.check(BundleFiles.pack(with(whole, "more", "1"), folder), start)
                .faults()
                .getFirst())
        .startsWith("more:");
  }

  /** The same by somebody who also wrote the sums anew. */
  @Test
  void aForgerWhoRewritesTheSumsIsFoundByWhatTheFilesMustSayOfEachOther() throws Exception {
    Path file = folder.resolve("forged.zip");
    var written = EvidenceExport.write(network.client(), job.value(), null, file);
    Map<String, String> whole = BundleFiles.unpack(file);
    Ran honest = script(whole);
    assertThat(honest.text()).contains("verified: 1 receipts");
    assertThat(honest.code()).isZero();
    var forgeries = new LinkedHashMap<String, UnaryOperator<String>>();
    forgeries.put(
        "receipts/", text -> text.replaceFirst("\"region\" : \"[^\"]*\"", "\"region\" : \"x\""));
    forgeries.put(
        "jobs/",
        text ->
            text.replace("\"spec\" : \"sha256:", "\"spec\" : \"sha256:0")
                .replaceFirst("(sha256:0[0-9a-f]{63})[0-9a-f]\"", "$1\""));
    forgeries.put(
        "nodes/",
        text ->
            text.replaceFirst(
                "\"resultKey\" : \"0[23]",
                "\"resultKey\" : \"0" + (text.contains("\"resultKey\" : \"02") ? 3 : 2)));
    forgeries.put("placements.csv", text -> text.replaceFirst("accepted", "rejected"));
    forgeries.put("specs/", text -> text.replaceFirst("\"priceMaxNanoOpen\" : \"", "$01"));
    forgeries.put("governance/", text -> text.replaceFirst("\"platformBasisPoints\" : ", "$01"));
    forgeries.put("manifest.json", text -> text.replace("\"development\"", "\"somebody\""));
    forgeries.put(
        "keys/log.key",
        _ -> LogKey.of(log().origin(), Ed25519Key.generate().publicKey()).toString());
    for (var forgery : forgeries.entrySet()) {
      String name =
          whole.keySet().stream()
              .filter(each -> each.startsWith(forgery.getKey()))
              .findFirst()
              .orElseThrow();
      var forged = new LinkedHashMap<>(whole);
      forged.put(name, forgery.getValue().apply(whole.getOrDefault(name, "")));
      assertThat(forged.get(name)).as(name).isNotEqualTo(whole.get(name));
      BundleFiles.summed(forged);

      assertThat(
              EvidenceCheck.check(
                      BundleFiles.pack(forged, folder), start(Optional.of(logKey()), null))
                  .faults())
          .as(name)
          .isNotEmpty();
      if (!name.startsWith("nodes/")) {
        assertThat(script(forged).code()).as("the script on %s", name).isEqualTo(1);
      }
      assertThat(
              EvidenceCheck.check(
                      BundleFiles.pack(forged, folder), start(Optional.empty(), written.digest()))
                  .faults())
          .as(name)
          .anyMatch(fault -> fault.contains("not the one of the digest"));
    }
  }

  /** The log's owner can sign any receipt; the rules whose hash is in it bind him all the same. */
  @Test
  void aReceiptThatDividesOtherwiseThanItsRulesIsFoundThoughTheLogSignedIt() throws Exception {
    Map<String, String> whole = exported("divided.zip");
    var key = Ed25519Key.generate();
    var forgeries = new LinkedHashMap<String, Consumer<ObjectNode>>();
    forgeries.put("divided otherwise than ", receipt -> BundleFiles.divide(receipt, FeeSplit.NONE));
    forgeries.put("divided, and there were no rules", receipt -> receipt.put("governanceEpoch", 0));
    Map<String, String> honest = BundleFiles.signedBy(key, whole, _ -> {});

    assertThat(faults(honest)).isEmpty();
    assertThat(scriptOfItsKey(honest).text()).contains("verified: 1 receipts");
    for (var forgery : forgeries.entrySet()) {
      Map<String, String> lie = BundleFiles.signedBy(key, whole, forgery.getValue());
      Ran ran = scriptOfItsKey(lie);

      assertThat(faults(lie)).anyMatch(fault -> fault.contains(": " + forgery.getKey()));
      assertThat(ran.text()).contains(": divided otherwise than the rules say");
      assertThat(ran.code()).isEqualTo(1);
    }
  }

  @Test
  void whatABundleLeavesOutIsSaidByBothCheckersAndOnlyWhatIsNotThereIsLeftOut() throws Exception {
    Map<String, String> whole = exported("missing.zip");
    String spec = BundleFiles.name(whole, "specs/");
    String said = spec + ": nobody has it";
    var named = new LinkedHashMap<>(whole);
    var manifest = (ObjectNode) BundleFiles.tree(whole, "manifest.json");
    manifest.putArray("missing").add(said);
    named.put("manifest.json", Json.pretty(manifest) + "\n");
    var without = new LinkedHashMap<>(named);
    without.remove(spec);
    named.compute(spec, (_, text) -> text.replaceFirst("\"priceMaxNanoOpen\" : \"", "$01"));
    BundleFiles.summed(without);
    BundleFiles.summed(named);

    var report =
        EvidenceCheck.check(BundleFiles.pack(without, folder), start(Optional.of(logKey()), null));
    assertThat(report.faults()).isEmpty();
    assertThat(report.missing()).containsExactly(said);
    assertThat(script(without).text()).containsSubsequence("missing  " + said, "verified: 1");
    assertThat(faults(named)).anyMatch(fault -> fault.startsWith(spec));
    assertThat(script(named).text()).contains("WRONG  " + spec);
  }

  /** The older form has no policies, and names rules by their epoch instead of their hash. */
  @Test
  void aBundleThatIsSteppedDownToTheOlderFormIsRefused() throws Exception {
    var down = new LinkedHashMap<>(exported("down.zip"));
    var receipt = BundleFiles.tree(down, BundleFiles.name(down, "receipts/")).path("document");
    down.compute("manifest.json", (_, text) -> text.replace("\"version\" : 3", "\"version\" : 2"));
    down.put(
        "governance/%d.json".formatted(receipt.path("governanceEpoch").asLong()),
        Objects.requireNonNull(down.remove(BundleFiles.name(down, "governance/"))));
    down.remove(BundleFiles.name(down, "specs/"));
    BundleFiles.summed(down);

    assertThat(faults(down))
        .singleElement()
        .asString()
        .contains("manifest.json of version 2, which is older than such receipts");
    assertThat(script(down).code()).isEqualTo(1);
  }

  private Map<String, String> exported(String name) throws IOException {
    Path file = folder.resolve(name);
    EvidenceExport.write(network.client(), job.value(), null, file);
    return BundleFiles.unpack(file);
  }

  private List<String> faults(Map<String, String> files) throws IOException {
    var key = LogKey.parse(files.getOrDefault("keys/log.key", "").strip());
    return EvidenceCheck.check(BundleFiles.pack(files, folder), start(Optional.of(key), null))
        .faults();
  }

  @Test
  void aWitnessThatDiesHoldsTheAnchorsAndNotTheJobs() throws Exception {
    network.killWitness();
    JobId late = settled();

    LocalNetwork.await(
        "the witness to be missed", () -> log().witnessedSize() < log().sealedSize());
    LocalNetwork.await("a word on it", () -> log().witnesses().getFirst().fault() != null);
    assertThat(level(late)).isEqualTo(ReceiptLevel.LOGGED);
    JobId later = settled();
    var _ = network.startWitness();
    LocalNetwork.await("the anchor", () -> level(later) == ReceiptLevel.FINAL);

    assertThat(level(late)).isEqualTo(ReceiptLevel.FINAL);
    assertThat(log().witnesses().getFirst().fault()).isNull();
    var proof = network.client().receipts().prove(later.value());
    assertThat(witnessKey().verify(CheckpointNote.parse(proof.checkpoint()))).isPresent();
  }

  /** The checker that shares no code with us. */
  private Ran script(Map<String, String> files) throws Exception {
    return script(files, log().key());
  }

  private Ran scriptOfItsKey(Map<String, String> files) throws Exception {
    return script(files, files.getOrDefault("keys/log.key", "").strip());
  }

  private Ran script(Map<String, String> files, String logKey) throws Exception {
    Path unpacked = Files.createTempDirectory(folder, "unpacked");
    for (var file : files.entrySet()) {
      Path path = unpacked.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
    Path key = Files.writeString(folder.resolve("pinned.key"), logKey + "\n");
    return run(
        List.of(
            "node",
            DOCS.resolve("check/evidence.mjs").toString(),
            unpacked.toString(),
            key.toString()),
        Map.of());
  }

  private static EvidenceCheck.Start start(Optional<LogKey> key, @Nullable Digest sums) {
    return new EvidenceCheck.Start(key, Optional.empty(), List.of(), sums);
  }

  private JobId settled() {
    OpenLedgerClient client = network.client();
    JobId id = client.jobs().submit(hello.spec(), UUID.randomUUID().toString()).job();
    LocalNetwork.await("the receipt", () -> client.jobs().show(id.value()).receiptLevel() != null);
    return id;
  }

  private @Nullable ReceiptLevel level(JobId id) {
    return network.client().jobs().show(id.value()).receiptLevel();
  }

  private LogStatus log() {
    return network.client().receipts().log();
  }

  private LogKey logKey() {
    return LogKey.parse(log().key());
  }

  private WitnessKey witnessKey() throws IOException {
    return WitnessKey.parse(Files.readString(network.data().resolve("keys/witness.vkey")));
  }

  private String payouts() {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create(network.client().url() + "/log/payouts");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  // The page.

  /** What the reader of the page has: files, and what the variables stand for. */
  private Map<String, String> files() throws IOException {
    var files = new LinkedHashMap<String, String>();
    var proof = CheckableProof.of(network.client().receipts().prove(job.value()));
    files.put("receipt.json", Json.pretty(proof));
    files.put("log.key", log().key() + "\n");
    files.put("witness.key", witnessKey() + "\n");
    files.put("ANCHOR", anchorLog);
    files.put("DISTRIBUTOR", network.contracts().distributor().value());
    files.put("MEMBER", network.client().url().toString());
    return files;
  }

  private static Map<String, String> with(Map<String, String> files, String name, String text) {
    var changed = new LinkedHashMap<>(files);
    changed.put(name, text);
    return changed;
  }

  private static UnaryOperator<Map<String, String>> receipt(Consumer<ObjectNode> change) {
    return files -> {
      var receipt =
          (ObjectNode)
              Json.tree(files.getOrDefault("receipt.json", "").getBytes(StandardCharsets.UTF_8));
      change.accept(receipt);
      return with(files, "receipt.json", Json.pretty(receipt));
    };
  }

  private static ObjectNode document(ObjectNode receipt) {
    return (ObjectNode) receipt.get("document");
  }

  private static String flipped(String hex) {
    return (hex.startsWith("1") ? "2" : "1") + hex.substring(1);
  }

  private static JsonNode digest() {
    return Json.tree(Digest.of().toString());
  }

  private record Ran(int code, String text) {}

  private Ran page(Map<String, String> files) throws IOException, InterruptedException {
    Path place = Files.createTempDirectory(folder, "page");
    for (var file : files.entrySet()) {
      Files.writeString(place.resolve(file.getKey()), file.getValue());
    }
    Files.createSymbolicLink(place.resolve("docs"), DOCS);
    var blocks = new StringBuilder("set -euo pipefail\n");
    var found =
        Pattern.compile("^```bash\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(DOCS.resolve("check-a-receipt.md")));
    while (found.find()) {
      blocks.append(found.group(1));
    }
    Files.writeString(place.resolve("page.sh"), blocks);
    return run(
        List.of("bash", "-c", "cd '" + place + "' && bash page.sh"),
        Map.of(
            "RPC", rpc,
            "ANCHOR", files.get("ANCHOR"),
            "DISTRIBUTOR", files.get("DISTRIBUTOR"),
            "MEMBER", files.get("MEMBER"),
            "PATH", CAST + File.pathSeparator + System.getenv("PATH")));
  }

  private static Ran run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), text);
  }
}
