package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.receipts.ChainWitness;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.api.ReceiptLevel;

/** A chain as a node of it tells, asked about one log and one registry. */
public final class RpcWitness implements ChainWitness {
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
    return read(anchorLog, AnchorLogAbi.originHash());
  }

  @Override
  public Optional<Anchored> checkpoint(long size) throws IOException {
    if (size <= 0) {
      return Optional.empty();
    }
    List<ChainClient.Log> found =
        chain.logs(anchorLog, AnchorLogAbi.CheckpointAnchored.TOPIC, size, fromBlock, "latest");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    // The log only grows, so a size is anchored once.
    ChainClient.Log last = found.getLast();
    return Optional.of(
        new Anchored(
            AnchorLogAbi.CheckpointAnchored.of(last).root(),
            last.transaction(),
            last.block(),
            level(last.block())));
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
    Address key = read(registry, NodeRegistryAbi.node(node.bytes())).resultKey();
    return key.equals(Address.of(new byte[Address.BYTES])) ? Optional.empty() : Optional.of(key);
  }

  private <R> R read(Address contract, Query<R> query) throws IOException {
    try {
      return chain.ask(contract, query);
    } catch (IllegalArgumentException foreign) {
      throw new IOException("the contract at " + contract + " is not one of OpenLedger's", foreign);
    }
  }
}
