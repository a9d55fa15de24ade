package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ModelContract;
import xyz.openledger.chainanchor.evm.RpcException;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.cluster.zk.ModelJob;
import xyz.openledger.cluster.zk.ModelProver;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;
import xyz.openledger.verification.zk.ModelVerdict;

/**
 * A model that its holder shows to nobody answers, and proves that the answer is its own: checked
 * without a chain, by the contract, and written down there once.
 */
final class PrivateModel {
  private static final String JOB = "applicant 17";
  private static final String EXAMPLE = "private-model";
  private static final String POLICY = "zk";
  private static final long PRICE_MAX_NANO_OPEN = 100_000_000;
  private static final long DEADLINE_MILLIS = 300_000;

  private final LocalNetwork network;
  private final Story story;
  private @Nullable ModelContract contract;

  PrivateModel(LocalNetwork network, Story story) {
    this.network = network;
    this.story = story;
  }

  /** The holder proves at home, and the network checks, signs for and records the answer. */
  void submit(Jobs jobs, Map<NodeId, String> names, Map<PoolId, String> pools) throws IOException {
    story.chapter("A private model proves its answer (zk; development ceremony: INSECURE)");
    Path example = Demo.home().resolve("examples/private-model");
    ModelEvidence evidence =
        ModelProver.below(Demo.home())
            .prove(
                json(example.resolve("model.json")),
                json(example.resolve("input.json")),
                network.requester().address(),
                JOB);
    Path file = network.data().resolve("run/private-model.json");
    Files.write(file, Json.write(evidence));
    story.line("the answer for %s: %s; evidence: %s", JOB, evidence.outputs(), file);
    var job =
        ModelJob.of(
            evidence,
            Map.of("example", EXAMPLE, "policy", POLICY),
            PRICE_MAX_NANO_OPEN,
            DEADLINE_MILLIS,
            registered(network.requester(), evidence).address());
    job.upload(network.client().blobs());
    jobs.submit(
        new Workloads.Work(
            EXAMPLE, POLICY, job.spec(), List.of(job.expected().outcome().outputDigest())));
    jobs.awaitAll(story, names, pools);
  }

  /** Whoever has the receipt has the proofs: they are taken from there. */
  void show(Jobs jobs) throws IOException {
    story.chapter("The proofs in that receipt, checked without member and by the contract");
    ModelEvidence evidence = evidence(jobs);
    var keys = ModelKeys.development();
    ModelVerdict verdict = ModelVerdict.of(evidence, keys);
    story.check(
        "zk-verified-offline",
        verdict instanceof ModelVerdict.Proven,
        "checked from the receipt alone, without chain or member: %s",
        verdict);
    onChain(Objects.requireNonNull(contract), network.requester(), evidence);
  }

  private ModelEvidence evidence(Jobs jobs) {
    JobId job =
        jobs.finished().keySet().stream()
            .filter(id -> jobs.work(id).policyName().equals(POLICY))
            .findFirst()
            .orElseThrow();
    JsonNode bundle = Json.tree(Json.write(network.client().receipts().prove(job.value())));
    Receipt receipt = Json.read(bundle.path("document"), Receipt.class);
    String proof =
        receipt.tasks().getFirst().replicas().stream()
            .map(Receipt.ReplicaReceipt::check)
            .filter(Objects::nonNull)
            .map(Receipt.ProductCheck::evidence)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    return ModelEvidence.read(proof.getBytes(StandardCharsets.UTF_8));
  }

  /** The model, registered by its holder: the member asks that contract too. */
  private ModelContract registered(Wallet holder, ModelEvidence evidence) throws IOException {
    var keys = ModelKeys.development();
    contract =
        ModelContract.deploy(network.chain(), holder, keys.registration(), keys.inference(), true);
    contract.register(holder, evidence.inferenceSignals().getFirst(), evidence.registrationProof());
    return contract;
  }

  private void onChain(ModelContract contract, Wallet holder, ModelEvidence evidence)
      throws IOException {
    var signals = evidence.inferenceSignals();
    boolean believed = contract.verify(signals, evidence.inferenceProof());
    story.check(
        "zk-believed-by-contract",
        believed && contract.isInsecure(),
        "the contract %s believes it, and says that its ceremony is insecure",
        contract.address());
    contract.record(holder, signals, evidence.inferenceProof());
    story.check(
        "zk-recorded-once",
        refusesAgain(contract, holder, evidence),
        "it is recorded for %s, and not a second time",
        JOB);
  }

  private static boolean refusesAgain(ModelContract contract, Wallet holder, ModelEvidence evidence)
      throws IOException {
    try {
      contract.record(holder, evidence.inferenceSignals(), evidence.inferenceProof());
      return false;
    } catch (RpcException refused) {
      return refused.isRevert();
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return Json.tree(Files.readAllBytes(file));
  }
}
