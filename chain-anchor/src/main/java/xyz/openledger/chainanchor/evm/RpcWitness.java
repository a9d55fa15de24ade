package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.receipts.ChainWitness;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.keys.Keccak;

/** A chain as a node of it tells, asked about one log and one registry. */
public final class RpcWitness implements ChainWitness {
  private static final String ANCHORED =
      "0x"
          + HexFormat.of()
              .formatHex(
                  Keccak.hash(
                      "CheckpointAnchored(uint64,bytes32,uint64)"
                          .getBytes(StandardCharsets.US_ASCII)));

  private final ChainClient chain;
  private final long chainId;
  private final Address anchorLog;
  private final @Nullable Address registry;
  private final long fromBlock;

  private RpcWitness(
      ChainClient chain,
      long chainId,
      Address anchorLog,
      @Nullable Address registry,
      long fromBlock) {
    this.chain = chain;
    this.chainId = chainId;
    this.anchorLog = anchorLog;
    this.registry = registry;
    this.fromBlock = fromBlock;
  }

  /**
   * Asks the node at {@code uri}.
   *
   * @param registry null if nodes' signatures are not to be judged
   * @param fromBlock nothing of the log is before it; 0 if not known
   * @throws IOException if the node does not answer, or has no contract at {@code anchorLog}
   */
  public static RpcWitness connect(
      URI uri, Address anchorLog, @Nullable Address registry, long fromBlock) throws IOException {
    var chain = new ChainClient(new JsonRpc(uri));
    if (!chain.hasCode(anchorLog)) {
      throw new IOException("the chain at " + uri + " has no contract at " + anchorLog);
    }
    return new RpcWitness(chain, chain.chainId(), anchorLog, registry, fromBlock);
  }

  @Override
  public long chainId() {
    return chainId;
  }

  @Override
  public Address anchorLog() {
    return anchorLog;
  }

  @Override
  public Digest originHash() throws IOException {
    return Words.digest(read(anchorLog, Call.of("originHash()")), 0);
  }

  @Override
  public Optional<Anchored> checkpoint(long size) throws IOException {
    if (size <= 0) {
      return Optional.empty();
    }
    JsonNode found =
        chain
            .rpc()
            .call(
                "eth_getLogs",
                Map.of(
                    "address",
                    anchorLog.value(),
                    "topics",
                    List.of(ANCHORED, "0x%064x".formatted(size)),
                    "fromBlock",
                    Words.quantity(fromBlock),
                    "toBlock",
                    "latest"));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    // The log only grows, so a size is anchored once.
    JsonNode event = found.get(found.size() - 1);
    long block = Words.number(event.get("blockNumber"));
    return Optional.of(
        new Anchored(
            Words.digest(event.get("data").asText(), 0),
            event.get("transactionHash").asText(),
            block,
            level(block)));
  }

  private ReceiptLevel level(long block) throws IOException {
    var head = chain.head();
    if (block <= head.finalNumber()) {
      return ReceiptLevel.FINAL;
    }
    return block <= head.safeNumber() ? ReceiptLevel.SAFE : ReceiptLevel.MINED;
  }

  @Override
  public Optional<Address> registry() {
    return Optional.ofNullable(registry);
  }

  @Override
  public Optional<Address> resultKey(NodeId node) throws IOException {
    if (registry == null) {
      return Optional.empty();
    }
    // owner, stake, resultKey, …
    Address key = Words.address(read(registry, Call.of("node(bytes16)").bytes16(node.bytes())), 2);
    return key.equals(Address.of(new byte[Address.BYTES])) ? Optional.empty() : Optional.of(key);
  }

  private String read(Address contract, Call call) throws IOException {
    String answer = chain.call(contract, call, ChainClient.Tag.LATEST);
    if (answer.length() <= 2) {
      throw new IOException("the contract at " + contract + " is not one of OpenLedger's");
    }
    return answer;
  }
}
