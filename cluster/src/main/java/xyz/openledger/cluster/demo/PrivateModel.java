package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import xyz.openledger.chainanchor.evm.ModelContract;
import xyz.openledger.chainanchor.evm.RpcException;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.cluster.zk.ModelProver;
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

  private final LocalNetwork network;
  private final Story story;

  PrivateModel(LocalNetwork network, Story story) {
    this.network = network;
    this.story = story;
  }

  void show() throws IOException {
    story.chapter("A private model proves its answer (development ceremony: INSECURE)");
    Wallet holder = network.requester();
    Path example = Demo.home().resolve("examples/private-model");
    ModelEvidence evidence =
        ModelProver.below(Demo.home())
            .prove(
                json(example.resolve("model.json")),
                json(example.resolve("input.json")),
                holder.address(),
                JOB);
    Path file = network.data().resolve("run/private-model.json");
    Files.write(file, Json.write(evidence));
    story.line("the answer for %s: %s; evidence: %s", JOB, evidence.outputs(), file);

    var keys = ModelKeys.development();
    ModelVerdict verdict = ModelVerdict.of(ModelEvidence.read(Files.readAllBytes(file)), keys);
    story.check(
        "zk-verified-offline",
        verdict instanceof ModelVerdict.Proven,
        "checked from the file alone, without chain or member: %s",
        verdict);
    onChain(holder, keys, evidence);
  }

  private void onChain(Wallet holder, ModelKeys keys, ModelEvidence evidence) throws IOException {
    var contract =
        ModelContract.deploy(network.chain(), holder, keys.registration(), keys.inference(), true);
    var signals = evidence.inferenceSignals();
    contract.register(holder, signals.getFirst(), evidence.registrationProof());
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
