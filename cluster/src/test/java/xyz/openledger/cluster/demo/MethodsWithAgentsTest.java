package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.ModelContract;
import xyz.openledger.cluster.gateway.EchoModule;
import xyz.openledger.cluster.zk.ModelJob;
import xyz.openledger.cluster.zk.ModelProver;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.Evidence;
import xyz.openledger.verification.ProductEvidence;
import xyz.openledger.verification.dispute.Checkpoints;
import xyz.openledger.verification.tee.SimulatedChip;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;

/**
 * A member and three agents, all real processes, of which the cheapest lies with care: what becomes
 * of it under the methods that check, dispute, or compare with a tolerance.
 */
class MethodsWithAgentsTest {
  private static final String POOL = "attic";
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Path EXAMPLES = Demo.home().resolve("examples");

  private static final Address MODEL_OWNER = Address.parse("0x" + "ab".repeat(20));

  private static final Policy.Verification TWO_OF_THREE =
      new Policy.Verification(Policy.Method.QUORUM, new Policy.Parameters(2, 3));

  private record Box(String machine, int price) implements Machine {
    @Override
    public String pool() {
      return POOL;
    }

    @Override
    public Class<?> program() {
      return machine.startsWith("eve") ? LyingAgent.class : AgentMain.class;
    }

    @Override
    public List<String> join(String claim, String data) {
      var arguments =
          new ArrayList<>(
              List.of("join", claim, "--name", machine, "--data", data, "--slots", "1"));
      arguments.addAll(List.of("--price", "" + price));
      if (machine.equals("ben")) {
        arguments.add("--tee-simulated");
      }
      return arguments;
    }
  }

  private static final List<Box> MACHINES =
      List.of(new Box("ann", 900_000), new Box("ben", 950_000), new Box("eve", 100_000));

  /** Eve's machine under another name, with keys of its own. */
  private static final Box AGAIN = new Box("eve-again", 50_000);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void payTheHonestAndRefuseTheLiar() throws Exception {
    Path rules = Files.createDirectories(folder.resolve("member")).resolve("governance.json");
    Files.writeString(rules, "{\"epoch\":1,\"feeSplit\":{\"modelBasisPoints\":333}}");
    try (var network = new LocalNetwork(folder)) {
      network.startMember(List.of(POOL));
      for (Box machine : MACHINES) {
        network.startMachine(machine);
      }
      network.deposit(1_000_000_000_000L);
      network.awaitReady(MACHINES.size());
      NodeId eve = network.node(MACHINES.getLast()).id();

      carriesProofsOfAPrivateModel(network);
      comparesWithinATolerance(network, eve);
      runsModelsOfOnnx(network, eve);
      checksProofsOfProducts(network, eve);
      disputes(network, eve);
      asksACommittee(network, eve);
      asksAChip(network);
      computesActivationsAgain(network, eve);
      catchesNoiseAndSleepers(network, eve);
      assertThat(network.node(MACHINES.getLast()).reputation()).isLessThan(5_000);
      knowsNothingOfWhoComesBackAndBelievesARing(network, eve);
    }
  }

  private static void comparesWithinATolerance(LocalNetwork network, NodeId eve) throws Exception {
    var tolerant =
        new Policy.Verification(
            Policy.Method.QUORUM, new Policy.Parameters(2, 3), null, null, Tolerance.ulps(4));
    Receipt within = run(network, floats(network, 1, tolerant));
    ReplicaReceipt hers = of(within, eve);
    assertThat(hers.standing()).isEqualTo(Standing.ACCEPTED);
    assertThat(within.tasks().getFirst().replicas())
        .extracting(replica -> Objects.requireNonNull(replica.outcome()).outputDigest())
        .as("two outputs that are not the same bytes")
        .doesNotHaveDuplicates();
    AgreementEvidence evidence = Objects.requireNonNull(within.tasks().getFirst().agreement());
    assertThat(evidence.equality()).isEqualTo(AgreementEvidence.TOLERANT);
    assertThat(within.verification().tolerance()).isEqualTo(Tolerance.ulps(4));
    assertThat(Evidence.faults(within)).isEmpty();

    Receipt outside = run(network, floats(network, 2, tolerant));
    assertThat(of(outside, eve).standing()).isEqualTo(Standing.REJECTED);
    assertThat(of(outside, eve).paidNanoOpen()).isZero();
  }

  private static void catchesNoiseAndSleepers(LocalNetwork network, NodeId eve) throws Exception {
    Receipt noise = run(network, floats(network, 3, TWO_OF_THREE));
    assertThat(of(noise, eve).standing()).isEqualTo(Standing.REJECTED);

    for (int good = 0; good < 2; good++) {
      Receipt asleep = run(network, floats(network, 4, TWO_OF_THREE));
      assertThat(of(asleep, eve).standing()).isEqualTo(Standing.ACCEPTED);
    }
    Receipt awake = run(network, floats(network, 4, TWO_OF_THREE));
    assertThat(of(awake, eve).standing()).isEqualTo(Standing.REJECTED);
    assertThat(of(run(network, floats(network, 5, TWO_OF_THREE)), eve).standing())
        .isEqualTo(Standing.REJECTED);
  }

  /**
   * Under another name it is a stranger, neither trusted nor distrusted, and caught as before. Both
   * together hold a whole quorum, which a quorum cannot see: docs/verification.md says so.
   */
  private static void knowsNothingOfWhoComesBackAndBelievesARing(LocalNetwork network, NodeId eve)
      throws Exception {
    network.startMachine(AGAIN);
    network.awaitReady(MACHINES.size() + 1);
    NodeId again = network.node(AGAIN).id();
    assertThat(again).isNotEqualTo(eve);
    assertThat(network.node(AGAIN).reputation()).isEqualTo(5_000);

    Receipt caught = run(network, floats(network, 5, TWO_OF_THREE));
    assertThat(of(caught, again).standing()).isEqualTo(Standing.REJECTED);
    LocalNetwork.await("a reputation that falls", () -> network.node(AGAIN).reputation() < 5_000);

    Receipt believed = run(network, floats(network, 2, TWO_OF_THREE));
    assertThat(of(believed, eve).standing()).isEqualTo(Standing.ACCEPTED);
    assertThat(of(believed, again).standing()).isEqualTo(Standing.ACCEPTED);
  }

  /** Machines of one profile agree to the bit; others are compared by the policy's tolerance. */
  private static void runsModelsOfOnnx(LocalNetwork network, NodeId eve) throws Exception {
    OnnxWork work = OnnxWork.of(network);
    String ann = network.node(MACHINES.getFirst()).id().value();
    String profile =
        Objects.requireNonNull(
            network.client().network().node(ann).labels().get(Workload.Onnx.LABEL));
    var exact = new Policy.Verification(Policy.Method.QUORUM, new Policy.Parameters(2, 3));
    work.isRefusedWhereItCannotEnd(policy(exact), List.of(profile));

    Receipt equal = run(network, work.job(1, policy(exact), List.of(profile)));
    assertThat(of(equal, eve).standing()).isEqualTo(Standing.REJECTED);
    assertThat(of(equal, eve).paidNanoOpen()).isZero();
    assertThat(equal.chargedNanoOpen()).isPositive();
    assertThat(Evidence.faults(equal)).isEmpty();

    var tolerant =
        new Policy.Verification(
            Policy.Method.QUORUM, new Policy.Parameters(2, 3), null, null, Tolerance.ulps(4));
    Receipt near = run(network, work.job(1, policy(tolerant), List.of()));
    assertThat(of(near, eve).standing()).isEqualTo(Standing.ACCEPTED);
    assertThat(Objects.requireNonNull(near.tasks().getFirst().agreement()).equality())
        .isEqualTo(AgreementEvidence.TOLERANT);
    Receipt far = run(network, work.job(2, policy(tolerant), List.of()));
    assertThat(of(far, eve).standing()).isEqualTo(Standing.REJECTED);

    DryRun elsewhere =
        network.client().jobs().dryRun(work.job(1, policy(exact), List.of("ort0.0.0-none")));
    assertThat(elsewhere.feasible()).isFalse();
    assertThat(elsewhere.toString()).contains(Workload.Onnx.LABEL);
  }

  private static JobSpec floats(LocalNetwork network, float first, Policy.Verification how) {
    var input = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    input.putFloat(first).putFloat(2.5f).putFloat(-3).putFloat(0.75f);
    Digest module = network.client().blobs().put(EchoModule.bytes()).digest();
    return new JobSpec(
        "floats",
        Map.of(),
        new Workload.Wasm(module, 1_000_000_000L, 16L << 20, 65_536),
        List.of(new JobSpec.Task(List.of(), network.client().blobs().put(input.array()).digest())),
        policy(how));
  }

  private static void checksProofsOfProducts(LocalNetwork network, NodeId eve) throws Exception {
    Receipt receipt = run(network, matmul(network, Policy.Method.SUMCHECK, "proof"));
    assertThat(of(receipt, eve).standing()).isEqualTo(Standing.REJECTED);
    assertThat(Objects.requireNonNull(of(receipt, eve).check()).detail()).contains("product");
    Receipt.ProductCheck right =
        Objects.requireNonNull(receipt.tasks().getFirst().replicas().getLast().check());
    assertThat(right.holds()).isTrue();
    assertThat(right.proofBytes()).isPositive();
    assertThat(ProductEvidence.faults(receipt)).isEmpty();
  }

  private static void disputes(LocalNetwork network, NodeId eve) throws Exception {
    Receipt receipt = run(network, matmul(network, Policy.Method.DISPUTE, "trace"));
    ReplicaReceipt hers = of(receipt, eve);
    assertThat(hers.standing()).isEqualTo(Standing.REJECTED);
    assertThat(hers.paidNanoOpen()).isZero();
    assertThat(receipt.chargedNanoOpen()).isPositive();
    Receipt.DisputePlayed played =
        receipt.tasks().getFirst().replicas().stream()
            .map(ReplicaReceipt::check)
            .filter(Objects::nonNull)
            .map(Receipt.ProductCheck::dispute)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    assertThat(played.rounds()).isPositive().isLessThanOrEqualTo(played.roundsMax());
    assertThat(ProductEvidence.faults(receipt)).isEmpty();
  }

  /** What a program does cannot be checked, so an owner who had no part in it runs it again. */
  private static void asksACommittee(LocalNetwork network, NodeId eve) throws Exception {
    var disputed = new Policy.Verification(Policy.Method.DISPUTE, new Policy.Parameters(2, 3));
    JobSpec floats = floats(network, 2, disputed);
    JobSpec.Task task = floats.tasks().getFirst();
    Receipt receipt =
        run(
            network,
            new JobSpec(
                "committee",
                Map.of(),
                floats.workload(),
                List.of(new JobSpec.Task(List.of(Workload.Wasm.CHECKPOINTS), task.input())),
                floats.policy()));
    assertThat(of(receipt, eve).standing()).isEqualTo(Standing.REJECTED);
    assertThat(receipt.tasks().getFirst().replicas())
        .hasSize(3)
        .extracting(ReplicaReceipt::standing)
        .containsOnlyOnce(Standing.REJECTED);
    assertThat(Evidence.faults(receipt)).isEmpty();
    byte[] output = network.client().jobs().output(receipt.job().value(), 0);
    assertThat(Checkpoints.read(output).orElseThrow().output()).hasSize(16);
  }

  /** Of three machines one has a chip, which does not exist. */
  private static void asksAChip(LocalNetwork network) throws Exception {
    Receipt receipt = run(network, attested(network, SimulatedChip.rootDigest()));
    ReplicaReceipt only = receipt.tasks().getFirst().replicas().getFirst();
    assertThat(only.node()).isEqualTo(network.node(MACHINES.get(1)).id());
    assertThat(Objects.requireNonNull(only.check()).detail()).startsWith("SIMULATED");
    assertThat(ProductEvidence.faults(receipt)).isEmpty();
    assertThat(ProductEvidence.words(receipt)).contains("SIMULATED");

    DryRun none = network.client().jobs().dryRun(attested(network, Digest.of(new byte[1])));
    assertThat(none.toString()).containsIgnoringCase("attestation");
  }

  /** Eve answers another question, and commits to the activations that she had. */
  private static void computesActivationsAgain(LocalNetwork network, NodeId eve) throws Exception {
    ModelFolder tiny = ModelFolder.read(EXAMPLES.resolve("models/tiny"), null);
    tiny.upload(network.client().blobs(), _ -> {});
    network
        .client()
        .models()
        .publish(
            List.of(new ModelPublication.Named("tiny", tiny.manifest().digest(), MODEL_OWNER)));
    byte[] input =
        InferenceQuestion.greedy("<|user|>Tell me a story about a cat.<|end|><|assistant|>", 24)
            .canonical();
    var spec =
        new JobSpec(
            "story",
            Map.of(),
            new Workload.Inference(tiny.manifest().digest(), 1_000_000_000L, 16 << 20, 1 << 20),
            List.of(
                new JobSpec.Task(
                    List.of(Workload.Inference.ACTIVATIONS),
                    network.client().blobs().put(input).digest())),
            policy(new Policy.Verification(Policy.Method.TOPLOC, null)));
    Receipt receipt = run(network, spec);
    ReplicaReceipt hers = of(receipt, eve);
    assertThat(hers.standing()).isEqualTo(Standing.REJECTED);
    assertThat(hers.paidNanoOpen()).isZero();
    assertThat(Objects.requireNonNull(hers.check()).detail()).contains("exponents alike");
    ReplicaReceipt right = receipt.tasks().getFirst().replicas().getLast();
    assertThat(Objects.requireNonNull(right.check()).detail())
        .contains("statistical, not a proof", "128 of 128 exponents");
    assertThat(ProductEvidence.faults(receipt)).isEmpty();
    assertThat(ProductEvidence.words(receipt)).contains("statistical");
    paysTheOwnerOfTheModel(network, receipt);
    String text = new String(receipt.canonical(), StandardCharsets.UTF_8);
    String forged = text.replace("\"errorLog2\":0", "\"errorLog2\":-61");
    assertThat(
            ProductEvidence.faults(
                Json.read(forged.getBytes(StandardCharsets.UTF_8), Receipt.class)))
        .isNotEmpty();
  }

  private static void paysTheOwnerOfTheModel(LocalNetwork network, Receipt receipt) {
    Division division = Objects.requireNonNull(receipt.division());
    assertThat(division.modelOwner()).isEqualTo(MODEL_OWNER);
    assertThat(Division.faults(receipt)).isEmpty();
    var accounts = network.client().accounts();
    LocalNetwork.await(
        "the model's share", () -> !accounts.modelEarnings(MODEL_OWNER).lines().isEmpty());
    EarningsStatement statement = accounts.modelEarnings(MODEL_OWNER);
    assertThat(statement.lifetimeNanoOpen()).isPositive().isEqualTo(division.modelNanoOpen());
    assertThat(statement.lines().getFirst().job()).isEqualTo(receipt.job());
  }

  private static JobSpec attested(LocalNetwork network, Digest root) {
    var chips = new Policy.Attestation(List.of(root), List.of(SimulatedChip.measurement()), null);
    return floats(
        network,
        3,
        new Policy.Verification(Policy.Method.TEE, null, null, null, null, null, chips));
  }

  private static void carriesProofsOfAPrivateModel(LocalNetwork network) throws Exception {
    ModelEvidence answer =
        ModelProver.below(Demo.home())
            .prove(
                json("private-model/model.json"),
                json("private-model/input.json"),
                network.requester().address(),
                "applicant 17");
    var keys = ModelKeys.development();
    var contract =
        ModelContract.deploy(
            network.chain(), network.requester(), keys.registration(), keys.inference(), true);
    var unregistered = ModelJob.of(answer, Map.of(), 1_000_000_000L, 300_000, contract.address());
    unregistered.upload(network.client().blobs());
    assertThatThrownBy(() -> network.client().jobs().submit(unregistered.spec(), "unregistered"))
        .hasMessageContaining("does not believe it");

    contract.register(
        network.requester(), answer.inferenceSignals().getFirst(), answer.registrationProof());
    var job =
        ModelJob.of(answer, Map.of("again", "yes"), 1_000_000_000L, 300_000, contract.address());
    Receipt receipt = run(network, job.spec());
    assertThat(
            Objects.requireNonNull(receipt.tasks().getFirst().replicas().getFirst().check())
                .detail())
        .contains(contract.address() + " believes it");
    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(job.expected().outcome());
    assertThat(ProductEvidence.faults(receipt)).isEmpty();
    String text = new String(receipt.canonical(), StandardCharsets.UTF_8);
    int digit = text.indexOf("inference") + 60;
    String changed =
        text.substring(0, digit)
            + (text.charAt(digit) == '1' ? '2' : '1')
            + text.substring(digit + 1);
    Receipt forged = Json.read(changed.getBytes(StandardCharsets.UTF_8), Receipt.class);
    assertThat(ProductEvidence.faults(forged)).isNotEmpty();
  }

  private static JsonNode json(String file) throws IOException {
    return Json.tree(Files.readAllBytes(EXAMPLES.resolve(file)));
  }

  private static JobSpec matmul(LocalNetwork network, Policy.Method method, String shows) {
    JobFile file = JobFile.read(EXAMPLES.resolve("matmul/job.json"));
    file.upload(network.client().blobs(), (_, _) -> {});
    var workload = (Workload.Matmul) file.spec().workload();
    return new JobSpec(
        "digits",
        Map.of(),
        new Workload.Matmul(
            workload.network(), 100_000_000, workload.memoryMaxBytes() * 16, 4 << 20),
        List.of(new JobSpec.Task(List.of(shows), file.spec().tasks().getFirst().input())),
        policy(new Policy.Verification(method, null)));
  }

  private static Policy policy(Policy.Verification how) {
    return new Policy(
        null, new Policy.Limits(5_000_000_000L, 600_000, List.of(), null, 0), how, null);
  }

  private static ReplicaReceipt of(Receipt receipt, NodeId node) {
    return receipt.tasks().getFirst().replicas().stream()
        .filter(replica -> replica.node().equals(node))
        .findFirst()
        .orElseThrow(() -> new AssertionError("eve, the cheapest, had no part in " + receipt));
  }

  private static Receipt run(LocalNetwork network, JobSpec spec) throws Exception {
    JobId job = network.client().jobs().submit(spec, UUID.randomUUID().toString()).job();
    var shown = network.client().jobs().await(job.value(), PATIENCE, _ -> {}).job();
    assertThat(shown.state()).as(String.valueOf(shown)).isEqualTo(JobState.SETTLED);
    var found = new Receipt[1];
    LocalNetwork.await(
        "the receipt of " + job,
        () -> {
          if (network.client().jobs().show(job.value()).job().receiptIndex() != null) {
            JsonNode document = network.client().receipts().show(job.value()).document();
            found[0] = Json.read(document, Receipt.class);
          }
          return found[0] != null;
        });
    return found[0];
  }
}
