package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Address;

/** The contract that keeps private models and checks proofs about them. */
public final class ModelContract {
  private static final int WORD_BYTES = 32;

  /** Twice what a verification takes: a node's own guess may be too low for the right answer. */
  private static final long CALL_GAS = 500_000;

  private final ChainClient chain;
  private final Address address;

  /** The contract at that address. */
  public ModelContract(ChainClient chain, Address address) {
    this.chain = chain;
    this.address = address;
  }

  /**
   * Puts a new one on the chain.
   *
   * @param insecure whether the keys are for development only; the contract says so for ever
   */
  public static ModelContract deploy(
      ChainClient chain, Wallet deployer, byte[] registration, byte[] inference, boolean insecure)
      throws IOException {
    Creation creation = ModelProofsAbi.create(registration, inference, insecure);
    return new ModelContract(chain, deployer.create(creation));
  }

  /** Where it is. */
  public Address address() {
    return address;
  }

  /** Whether it says that its keys should convince nobody. */
  public boolean isInsecure() throws IOException {
    return flag(ModelProofsAbi.insecureCeremony());
  }

  /** Whether a model is registered. */
  public boolean isRegistered(BigInteger model) throws IOException {
    return !chain
        .ask(address, ModelProofsAbi.ownerOf(model))
        .equals(Address.of(new byte[Address.BYTES]));
  }

  /**
   * Registers the owner's model.
   *
   * @return the transaction's hash
   */
  public String register(Wallet owner, BigInteger model, byte[] proof) throws IOException {
    return owner.transact(address, ModelProofsAbi.register(model, proof(proof)));
  }

  /**
   * Whether the contract believes an inference. Costs nothing and changes nothing.
   *
   * @param signals model, input, output, job
   */
  public boolean verify(List<BigInteger> signals, byte[] proof) throws IOException {
    return flag(verifying(signals, proof));
  }

  /**
   * Writes an inference down, once.
   *
   * @return the transaction's hash
   */
  public String record(Wallet sender, List<BigInteger> signals, byte[] proof) throws IOException {
    Signals of = Signals.of(signals);
    return sender.transact(
        address,
        ModelProofsAbi.record(of.model(), of.input(), of.output(), of.job(), proof(proof)));
  }

  /** What anybody may send to a node of theirs to ask the same. */
  public String calldata(List<BigInteger> signals, byte[] proof) {
    return verifying(signals, proof).call().data();
  }

  private boolean flag(Query<Boolean> query) throws IOException {
    var request =
        Map.of("to", address.value(), "data", query.call().data(), "gas", Words.quantity(CALL_GAS));
    // A place without a contract answers with nothing, which is refused.
    return query.read(chain.rpc().call("eth_call", request, "latest").asText());
  }

  private static Query<Boolean> verifying(List<BigInteger> signals, byte[] proof) {
    Signals of = Signals.of(signals);
    return ModelProofsAbi.verify(of.model(), of.input(), of.output(), of.job(), proof(proof));
  }

  private record Signals(BigInteger model, BigInteger input, BigInteger output, BigInteger job) {
    static Signals of(List<BigInteger> signals) {
      return new Signals(signals.get(0), signals.get(1), signals.get(2), signals.get(3));
    }
  }

  /** The points of a proof, in words: two, four and two. */
  private static ModelProofsAbi.Proof proof(byte[] bytes) {
    var words = new ArrayList<BigInteger>();
    for (int at = 0; at < bytes.length; at += WORD_BYTES) {
      words.add(new BigInteger(1, bytes, at, WORD_BYTES));
    }
    return new ModelProofsAbi.Proof(
        words.subList(0, 2), words.subList(2, 6), words.subList(6, words.size()));
  }
}
