package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.util.HexFormat;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Keccak;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** Signs transactions of one account with a key in this process. */
public final class TransactionKey {
  private final Secp256k1Key key;
  private final long chainId;

  /** A signer for the chain {@code chainId}. */
  public TransactionKey(Secp256k1Key key, long chainId) {
    this.key = key;
    this.chainId = chainId;
  }

  /** The account. */
  public Address address() {
    return key.address();
  }

  /** Signs an EIP-1559 transaction; {@code to} is empty for the creation of a contract. */
  Attempt sign(Transaction transaction) {
    RawTransaction raw =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(transaction.nonce()),
            BigInteger.valueOf(transaction.gasLimit()),
            transaction.to(),
            BigInteger.ZERO,
            transaction.data(),
            BigInteger.valueOf(transaction.tipWeiPerGas()),
            BigInteger.valueOf(transaction.maxFeeWeiPerGas()));
    byte[] signed =
        TransactionEncoder.signMessage(raw, Credentials.create(ECKeyPair.create(key.secret())));
    return new Attempt(
        "0x" + HexFormat.of().formatHex(Keccak.hash(signed)),
        "0x" + HexFormat.of().formatHex(signed),
        transaction.maxFeeWeiPerGas(),
        transaction.tipWeiPerGas());
  }

  /** What is signed. */
  record Transaction(
      long nonce, String to, String data, long gasLimit, long maxFeeWeiPerGas, long tipWeiPerGas) {}
}
