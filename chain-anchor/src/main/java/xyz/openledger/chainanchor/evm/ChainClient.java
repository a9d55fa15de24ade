package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/**
 * What we ask of a chain. Each method is one call, or a few, and fails with an {@link IOException}
 * while it is away.
 */
public final class ChainClient {
  /** Of how many blocks logs are asked at the least, where a node limits that. */
  private static final long BLOCKS_MIN = 64;

  private final JsonRpc rpc;

  /** Of how many blocks the node was last found to tell the logs at once. */
  private volatile long blocksAtOnce = Long.MAX_VALUE;

  /** A client over {@code rpc}. */
  public ChainClient(JsonRpc rpc) {
    this.rpc = rpc;
  }

  /** Which state to look at. */
  public enum Tag {
    LATEST,
    FINALIZED;

    String word() {
      return this == LATEST ? "latest" : "finalized";
    }
  }

  /** The chain's number. */
  public long chainId() throws IOException {
    return Words.number(rpc.call("eth_chainId"));
  }

  /** The node's JSON-RPC, for what is not here. */
  public JsonRpc rpc() {
    return rpc;
  }

  /** The last block, and how far the chain calls itself safe and final. */
  public HeadSeen head() throws IOException {
    long safe = blockNumber("safe");
    long last = blockNumber("finalized");
    JsonNode head = rpc.call("eth_getBlockByNumber", "latest", false);
    return head(head, safe, last);
  }

  /** The priority fee per gas that the node suggests; 0 if it suggests none. */
  public long suggestedTipWei() throws IOException {
    try {
      return Words.number(rpc.call("eth_maxPriorityFeePerGas"));
    } catch (RpcException unknown) {
      return 0;
    }
  }

  /** What the last block burned per gas; 0 on a chain without base fees. */
  long baseFeeWei() throws IOException {
    JsonNode head = rpc.call("eth_getBlockByNumber", "latest", false);
    return head.has("baseFeePerGas") ? Words.number(head.get("baseFeePerGas")) : 0;
  }

  /** The block of that number; empty if there is none. */
  public Optional<HeadSeen> block(long number, HeadSeen head) throws IOException {
    JsonNode block = rpc.call("eth_getBlockByNumber", Words.quantity(number), false);
    return block.isNull()
        ? Optional.empty()
        : Optional.of(head(block, head.safeNumber(), head.finalNumber()));
  }

  /** The chain's time, in seconds since 1970. */
  public long seconds(Tag tag) throws IOException {
    return Words.number(rpc.call("eth_getBlockByNumber", tag.word(), false).get("timestamp"));
  }

  /** How many transactions an account has sent. */
  public long nonce(Address account) throws IOException {
    return Words.number(rpc.call("eth_getTransactionCount", account.value(), "latest"));
  }

  /** Whether there is a contract at an address. */
  public boolean hasCode(Address address) throws IOException {
    return rpc.call("eth_getCode", address.value(), "latest").asText().length() > 2;
  }

  /** What a contract answers; refuses with a revert. */
  <R> R ask(Address to, Query<R> query, Tag tag) throws IOException {
    return ask(to, query, tag.word());
  }

  /** The same of a block, by its number in hex or its tag. */
  <R> R ask(Address to, Query<R> query, String block) throws IOException {
    var request = Map.of("to", to.value(), "data", query.call().data());
    return query.read(rpc.call("eth_call", request, block).asText());
  }

  /** The same of the last block. */
  <R> R ask(Address to, Query<R> query) throws IOException {
    return ask(to, query, Tag.LATEST);
  }

  /** The gas a transaction would burn; refuses with the contract's revert if it would fail. */
  long estimate(Address from, String to, String data) throws IOException {
    return estimate(from, to, BigInteger.ZERO, data);
  }

  /** The same with coin that goes along. */
  long estimate(Address from, String to, BigInteger wei, String data) throws IOException {
    String value = "0x" + wei.toString(16);
    Map<String, String> transaction =
        to.isEmpty()
            ? Map.of("from", from.value(), "value", value, "data", data)
            : Map.of("from", from.value(), "to", to, "value", value, "data", data);
    return Words.number(rpc.call("eth_estimateGas", transaction));
  }

  /** Gives a signed transaction to the node. */
  String send(String raw) throws IOException {
    return rpc.call("eth_sendRawTransaction", raw).asText();
  }

  /** A transaction's receipt as the node gives it; JSON null while there is none. */
  JsonNode receipt(String hash) throws IOException {
    return rpc.call("eth_getTransactionReceipt", hash);
  }

  /** What an account has of the chain's own coin, in the smallest unit. */
  public BigInteger coins(Address account) throws IOException {
    String answer = rpc.call("eth_getBalance", account.value(), "latest").asText();
    return new BigInteger(answer.substring(2), 16);
  }

  /** A token balance in the smallest unit. */
  public BigInteger balance(Address token, Address account) throws IOException {
    return ask(token, OpenTokenAbi.balanceOf(account));
  }

  /** The log's checkpoint on the chain. */
  public AnchoredCheckpoint checkpoint(Address anchorLog, Tag tag) throws IOException {
    AnchorLogAbi.Checkpoint found = ask(anchorLog, AnchorLogAbi.checkpoint(), tag);
    return new AnchoredCheckpoint(found.size(), found.root());
  }

  /** The root that was anchored for a size, by its event; empty if there was none. */
  public Optional<Digest> anchoredRoot(Address anchorLog, long size) throws IOException {
    return logs(anchorLog, AnchorLogAbi.CheckpointAnchored.TOPIC, size, 0, "latest").stream()
        .map(log -> AnchorLogAbi.CheckpointAnchored.of(log).root())
        .findFirst();
  }

  /** The payout epoch on the chain. */
  public PublishedPayouts payouts(Address distributor) throws IOException {
    return payouts(distributor, Tag.LATEST);
  }

  /** The same as of that state. */
  PublishedPayouts payouts(Address distributor, Tag tag) throws IOException {
    return new PublishedPayouts(
        ask(distributor, RewardDistributorAbi.epoch(), tag),
        ask(distributor, RewardDistributorAbi.root(), tag));
  }

  /**
   * From when on the last epoch pays, in seconds since 1970; 0 if it need not wait, as with
   * distributors that were deployed before epochs could be challenged.
   */
  long paysAtSeconds(Address distributor, Tag tag) throws IOException {
    try {
      return ask(distributor, RewardDistributorAbi.paysAt(), tag);
    } catch (RpcException older) {
      if (older.isRevert()) {
        return 0;
      }
      throw older;
    }
  }

  /** The roots that an epoch was published with, oldest first. */
  List<Digest> publishedRoots(Contracts contracts, long epoch, Tag tag) throws IOException {
    return ofEpoch(RewardDistributorAbi.EpochPublished.TOPIC, contracts, epoch, tag).stream()
        .map(log -> RewardDistributorAbi.EpochPublished.of(log).root())
        .toList();
  }

  /** The roots of an epoch that the judge took back, oldest first. */
  List<Digest> rejectedRoots(Contracts contracts, long epoch, Tag tag) throws IOException {
    return ofEpoch(RewardDistributorAbi.EpochRejected.TOPIC, contracts, epoch, tag).stream()
        .map(log -> RewardDistributorAbi.EpochRejected.of(log).root())
        .toList();
  }

  private List<Log> ofEpoch(String topic, Contracts contracts, long epoch, Tag tag)
      throws IOException {
    return logs(contracts.distributor(), topic, epoch, contracts.fromBlock(), tag.word());
  }

  /** What the distributor pays by. */
  public record PublishedPayouts(long epoch, Digest root) {}

  /** What the chain knows of the log. */
  public record AnchoredCheckpoint(long size, Digest root) {}

  /** A contract's event. */
  record Log(String topic, List<String> topics, String data, long block, String id) {
    /** An indexed argument, from 1. */
    AbiData topic(int index) {
      if (index >= topics.size()) {
        throw new IllegalArgumentException("an event has %d topics".formatted(topics.size()));
      }
      return AbiData.of(topics.get(index));
    }

    /** Of which transaction. */
    String transaction() {
      return id.substring(0, id.indexOf('/'));
    }
  }

  /** Events of a contract with that first topic, oldest first. */
  List<Log> logs(Address contract, String topic, long fromBlock, long toBlock) throws IOException {
    return logs(contract, List.of(topic), fromBlock, Words.quantity(toBlock));
  }

  /** The same of those whose first indexed argument is that number. */
  List<Log> logs(Address contract, String topic, long first, long fromBlock, String toBlock)
      throws IOException {
    return logs(contract, List.of(topic, "0x%064x".formatted(first)), fromBlock, toBlock);
  }

  /**
   * The same of any topics. A node that refuses so many blocks, or so many logs, at once is asked
   * for half as many, down to {@value #BLOCKS_MIN} blocks.
   *
   * @param topics null where anything will do
   */
  List<Log> logs(Address contract, List<@Nullable String> topics, long fromBlock, String toBlock)
      throws IOException {
    var logs = new ArrayList<Log>();
    long last = number(toBlock);
    for (long from = fromBlock; from <= last; ) {
      long blocks = Math.min(blocksAtOnce, last - from + 1);
      try {
        logs.addAll(logsAtOnce(contract, topics, from, from + blocks - 1));
        from += blocks;
      } catch (RpcException tooMany) {
        if (blocks <= BLOCKS_MIN) {
          throw tooMany;
        }
        blocksAtOnce = Math.max(BLOCKS_MIN, blocks / 2);
      }
    }
    return logs;
  }

  private long number(String block) throws IOException {
    return block.startsWith("0x") ? Long.decode(block) : blockNumber(block);
  }

  private List<Log> logsAtOnce(
      Address contract, List<@Nullable String> topics, long fromBlock, long toBlock)
      throws IOException {
    JsonNode found =
        rpc.call(
            "eth_getLogs",
            Map.of(
                "address",
                contract.value(),
                "topics",
                topics,
                "fromBlock",
                Words.quantity(fromBlock),
                "toBlock",
                Words.quantity(toBlock)));
    var logs = new ArrayList<Log>();
    for (JsonNode log : found) {
      logs.add(log(log));
    }
    return logs;
  }

  private static Log log(JsonNode log) {
    var topics = new ArrayList<String>();
    log.get("topics").forEach(each -> topics.add(each.asText()));
    return new Log(
        topics.getFirst(),
        topics,
        log.get("data").asText(),
        Words.number(log.get("blockNumber")),
        log.get("transactionHash").asText() + "/" + Words.number(log.get("logIndex")));
  }

  private long blockNumber(String tag) throws IOException {
    JsonNode block = rpc.call("eth_getBlockByNumber", tag, false);
    return block.isNull() ? 0 : Words.number(block.get("number"));
  }

  private static HeadSeen head(JsonNode block, long safe, long last) {
    return new HeadSeen(
        Words.number(block.get("number")),
        block.get("hash").asText(),
        block.get("parentHash").asText(),
        safe,
        last,
        block.has("baseFeePerGas") ? Words.number(block.get("baseFeePerGas")) : 0,
        0);
  }
}
