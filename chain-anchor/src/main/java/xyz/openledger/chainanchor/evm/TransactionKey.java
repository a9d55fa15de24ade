package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.SignedRawTransaction;
import org.web3j.crypto.TransactionDecoder;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.crypto.transaction.type.Transaction1559;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Keccak;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * Signs the transactions of one account: with a key in this process, or by asking whoever keeps it.
 */
public final class TransactionKey {
  private final Address address;
  private final long chainId;
  private final Signing signing;

  /** How a transaction becomes signed bytes. */
  @FunctionalInterface
  private interface Signing {
    byte[] sign(RawTransaction transaction) throws IOException;
  }

  private TransactionKey(Address address, long chainId, Signing signing) {
    this.address = address;
    this.chainId = chainId;
    this.signing = signing;
  }

  /** A signer with this key, for the chain {@code chainId}. */
  public TransactionKey(Secp256k1Key key, long chainId) {
    this(
        key.address(),
        chainId,
        transaction ->
            TransactionEncoder.signMessage(
                transaction, Credentials.create(ECKeyPair.create(key.secret()))));
  }

  /**
   * A signer that asks another program for every signature, by {@code eth_signTransaction}: the key
   * never comes here. What it answers is checked to be what was asked for, signed by {@code
   * address}.
   */
  public static TransactionKey remote(JsonRpc signer, Address address, long chainId) {
    return new TransactionKey(
        address, chainId, transaction -> askFor(signer, address, chainId, transaction));
  }

  /** The account. */
  public Address address() {
    return address;
  }

  /**
   * Signs an EIP-1559 transaction; {@code to} is empty for the creation of a contract.
   *
   * @throws IOException if the key is elsewhere and does not answer, or answers with something else
   */
  Attempt sign(Transaction transaction) throws IOException {
    byte[] signed =
        signing.sign(
            RawTransaction.createTransaction(
                chainId,
                BigInteger.valueOf(transaction.nonce()),
                BigInteger.valueOf(transaction.gasLimit()),
                transaction.to(),
                transaction.valueWei(),
                transaction.data(),
                BigInteger.valueOf(transaction.tipWeiPerGas()),
                BigInteger.valueOf(transaction.maxFeeWeiPerGas())));
    return new Attempt(
        "0x" + HexFormat.of().formatHex(Keccak.hash(signed)),
        "0x" + HexFormat.of().formatHex(signed),
        transaction.maxFeeWeiPerGas(),
        transaction.tipWeiPerGas());
  }

  private static byte[] askFor(
      JsonRpc signer, Address address, long chainId, RawTransaction transaction)
      throws IOException {
    var wanted = (Transaction1559) transaction.getTransaction();
    Map<String, String> request = new LinkedHashMap<>();
    request.put("type", "0x2");
    request.put("from", address.value());
    if (!transaction.getTo().isEmpty()) {
      request.put("to", transaction.getTo());
    }
    request.put("chainId", Words.quantity(chainId));
    request.put("nonce", Words.quantity(transaction.getNonce().longValueExact()));
    request.put("gas", Words.quantity(transaction.getGasLimit().longValueExact()));
    request.put("value", "0x" + transaction.getValue().toString(16));
    request.put("data", transaction.getData());
    request.put("maxFeePerGas", Words.quantity(wanted.getMaxFeePerGas().longValueExact()));
    request.put(
        "maxPriorityFeePerGas", Words.quantity(wanted.getMaxPriorityFeePerGas().longValueExact()));
    String raw = signer.call("eth_signTransaction", request).asText();
    check(raw, address, transaction);
    return HexFormat.of().parseHex(raw, 2, raw.length());
  }

  /** The signer is another program: it may be another account's, or misconfigured. */
  private static void check(String raw, Address address, RawTransaction wanted) throws IOException {
    try {
      byte[] unsigned = TransactionEncoder.encode(wanted);
      RawTransaction given = TransactionDecoder.decode(raw);
      boolean same =
          given instanceof SignedRawTransaction signed
              && Arrays.equals(unsigned, TransactionEncoder.encode(given))
              && address.value().equals(signed.getFrom().toLowerCase(Locale.ROOT));
      if (!same) {
        throw new IOException("the signer did not sign what was asked for as " + address);
      }
    } catch (SignatureException | RuntimeException malformed) {
      throw new IOException("the signer did not answer with a signed transaction", malformed);
    }
  }

  /**
   * What is signed.
   *
   * @param valueWei the chain's coin that goes along
   */
  record Transaction(
      long nonce,
      String to,
      BigInteger valueWei,
      String data,
      long gasLimit,
      long maxFeeWeiPerGas,
      long tipWeiPerGas) {
    /** A call that takes no coin along. */
    Transaction(
        long nonce,
        String to,
        String data,
        long gasLimit,
        long maxFeeWeiPerGas,
        long tipWeiPerGas) {
      this(nonce, to, BigInteger.ZERO, data, gasLimit, maxFeeWeiPerGas, tipWeiPerGas);
    }
  }
}
