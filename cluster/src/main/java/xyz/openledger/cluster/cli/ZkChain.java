package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ModelContract;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.protocol.Address;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;

/**
 * What the verbs about private models do on a chain; apart, so that no other loads its libraries.
 */
record ZkChain(URI rpc) {
  /** What a transaction left. */
  record Sent(String contract, String transaction) {}

  /** What the contract says. */
  record Believed(boolean believed, boolean insecure, String calldata) {}

  Believed verify(Address contract, ModelEvidence evidence) {
    var found = new ModelContract(chain().client(), contract);
    var signals = evidence.inferenceSignals();
    try {
      return new Believed(
          found.verify(signals, evidence.inferenceProof()),
          found.isInsecure(),
          found.calldata(signals, evidence.inferenceProof()));
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  /** Registers the model, in a new contract if none is named. */
  Sent register(@Nullable Address contract, Path keyFile, ModelEvidence evidence)
      throws IOException {
    Wallet wallet = chain().wallet(keyFile);
    if (!wallet.address().equals(evidence.owner())) {
      throw CommandFailure.usage(
          "the model was proven for %s, and the key is that of %s"
              .formatted(evidence.owner(), wallet.address()),
          "--key",
          "");
    }
    var keys = ModelKeys.development();
    var found =
        contract != null
            ? new ModelContract(chain().client(), contract)
            : ModelContract.deploy(
                chain().client(), wallet, keys.registration(), keys.inference(), true);
    String transaction =
        found.register(
            wallet, evidence.registrationSignals().getFirst(), evidence.registrationProof());
    return new Sent(found.address().value(), transaction);
  }

  Sent record(Address contract, Path keyFile, ModelEvidence evidence) throws IOException {
    var found = new ModelContract(chain().client(), contract);
    String transaction =
        found.record(
            chain().wallet(keyFile), evidence.inferenceSignals(), evidence.inferenceProof());
    return new Sent(contract.value(), transaction);
  }

  private KeyedChain chain() {
    return new KeyedChain(rpc);
  }
}
