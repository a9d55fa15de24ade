package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Address;

/** The contract that keeps private models and checks proofs about them. */
public final class ModelContract {
  private static final String PROOF = "(uint256[2],uint256[4],uint256[2])";
  private static final String REGISTER = "register(uint256," + PROOF + ")";
  private static final String VERIFY = "verify(uint256,uint256,uint256,uint256," + PROOF + ")";
  private static final String RECORD = "record(uint256,uint256,uint256,uint256," + PROOF + ")";
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
    Call constructor = Call.of("").bytes(registration).bytes(inference).bool(insecure);
    return new ModelContract(chain, deployer.create("ModelProofs", constructor));
  }

  /** Where it is. */
  public Address address() {
    return address;
  }

  /** Whether it says that its keys should convince nobody. */
  public boolean isInsecure() throws IOException {
    return flag(Call.of("insecureCeremony()"));
  }

  /** Whether a model is registered. */
  public boolean isRegistered(BigInteger model) throws IOException {
    String owner =
        chain.call(address, Call.of("ownerOf(uint256)").uint(model), ChainClient.Tag.LATEST);
    return Words.uint(owner, 0).signum() != 0;
  }

  /**
   * Registers the owner's model.
   *
   * @return the transaction's hash
   */
  public String register(Wallet owner, BigInteger model, byte[] proof) throws IOException {
    return owner.transact(address, with(Call.of(REGISTER).uint(model), proof));
  }

  /**
   * Whether the contract believes an inference. Costs nothing and changes nothing.
   *
   * @param signals model, input, output, job
   */
  public boolean verify(List<BigInteger> signals, byte[] proof) throws IOException {
    return flag(with(signals(VERIFY, signals), proof));
  }

  /**
   * Writes an inference down, once.
   *
   * @return the transaction's hash
   */
  public String record(Wallet sender, List<BigInteger> signals, byte[] proof) throws IOException {
    return sender.transact(address, with(signals(RECORD, signals), proof));
  }

  /** What anybody may send to a node of theirs to ask the same. */
  public String calldata(List<BigInteger> signals, byte[] proof) {
    return with(signals(VERIFY, signals), proof).data();
  }

  private boolean flag(Call call) throws IOException {
    var request =
        Map.of("to", address.value(), "data", call.data(), "gas", Words.quantity(CALL_GAS));
    String answer = chain.rpc().call("eth_call", request, "latest").asText();
    // A place without a contract answers with nothing, which Words refuses.
    return Words.uint(answer, 0).equals(BigInteger.ONE);
  }

  private static Call signals(String signature, List<BigInteger> signals) {
    Call call = Call.of(signature);
    signals.forEach(call::uint);
    return call;
  }

  private static Call with(Call call, byte[] proof) {
    for (int at = 0; at < proof.length; at += WORD_BYTES) {
      call.uint(new BigInteger(1, proof, at, WORD_BYTES));
    }
    return call;
  }
}
