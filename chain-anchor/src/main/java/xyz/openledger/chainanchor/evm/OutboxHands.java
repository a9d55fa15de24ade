package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.BlockRef;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;
import xyz.openledger.chainanchor.outbox.Reply;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/**
 * Does what the outbox asks, on a chain with our contracts and with one key; and follows its
 * blocks.
 */
public final class OutboxHands {
  /** After so long an absence only the head is reported: the outbox asks for what it needs. */
  private static final int CATCH_UP_MAX = 256;

  private static final long GAS_LIMIT = 400_000;

  /** The first of a key and pool costs more than those after it. */
  private static final long GAS_PER_VOUCHER = 80_000;

  private final ChainClient chain;
  private final Contracts contracts;
  private final TransactionKey key;
  private final @Nullable LongFunction<Optional<Digest>> rootAt;
  private @Nullable HeadSeen last;

  /** Hands that know no log: a chain whose log is longer than an anchor's is believed. */
  public OutboxHands(ChainClient chain, Contracts contracts, TransactionKey key) {
    this(chain, contracts, key, null);
  }

  /**
   * Hands for {@code contracts}, signing with {@code key}.
   *
   * @param rootAt the root of our own log at a size, empty where ours is shorter. The chain's log
   *     is compared with it before anything is anchored, so that no fork is ever built on
   */
  public OutboxHands(
      ChainClient chain,
      Contracts contracts,
      TransactionKey key,
      @Nullable LongFunction<Optional<Digest>> rootAt) {
    this.chain = chain;
    this.contracts = contracts;
    this.key = key;
    this.rootAt = rootAt;
  }

  /** The name of a payment as the contracts know it. */
  public static Digest paymentKey(String name) {
    return Domain.of("payment").text(name).digest();
  }

  /** The blocks since the last call, in order, as far as they are linked; at the least the head. */
  public synchronized List<Observation> poll() throws IOException {
    HeadSeen before = last;
    HeadSeen head = suggesting(chain.head(), before);
    var seen = new ArrayList<Observation>();
    if (before != null && head.number() - before.number() <= CATCH_UP_MAX) {
      for (long number = before.number() + 1; number < head.number(); number++) {
        chain.block(number, head).ifPresent(seen::add);
      }
    }
    if (before == null || !before.equals(head)) {
      seen.add(head);
    }
    last = head;
    return seen;
  }

  /** Asked once a block: it follows from what was paid in the last ones. */
  private HeadSeen suggesting(HeadSeen head, @Nullable HeadSeen before) throws IOException {
    return head.suggesting(
        before != null && before.hash().equals(head.hash())
            ? before.suggestedTipWei()
            : chain.suggestedTipWei());
  }

  /** Carries an action out. */
  public Observation carryOut(Action action) throws IOException {
    Reply reply =
        switch (action) {
          case Action.CheckEffect check -> effect(check);
          case Action.Sign sign -> new Reply.Signature(key.sign(transaction(sign)));
          case Action.Send send -> send(send);
          case Action.AskReceipt ask -> receipt(ask.txHash());
          case Action.AskNonce _ -> new Reply.Nonce(chain.nonce(key.address()));
          case Action.AskBlock ask -> block(ask.number());
        };
    return new Observation.Answered(action, reply);
  }

  private Reply.Effect effect(Action.CheckEffect check) throws IOException {
    var tag = check.tag() == Action.Tag.FINAL ? ChainClient.Tag.FINALIZED : ChainClient.Tag.LATEST;
    Reply.Effect found =
        switch (check.intent()) {
          case Intent.Anchor anchor -> anchored(anchor, tag);
          case Intent.PublishRoot publish -> published(publish, tag);
          case Intent.Fund fund -> paid(fund.key(), tag);
          case Intent.Withdraw withdraw -> paid(withdraw.key(), tag);
          case Intent.RegisterNode node -> registered(node, tag);
          case Intent.SettleVouchers settle -> settled(settle, tag);
        };
    return found instanceof Reply.Effect.Absent absent
            && check.asksContract()
            && !shifts(check.intent(), absent)
        ? willing(check.intent(), found)
        : found;
  }

  /** A contract whose log is elsewhere refuses the anchor as it stands: it is to be drawn anew. */
  private static boolean shifts(Intent intent, Reply.Effect.Absent absent) {
    return intent instanceof Intent.Anchor anchor && absent.logSize() != anchor.fromSize();
  }

  /** Whether the contract would let it happen now. */
  private Reply.Effect willing(Intent intent, Reply.Effect absent) throws IOException {
    try {
      chain.estimate(key.address(), target(intent).value(), call(intent).data());
      return absent;
    } catch (RpcException refused) {
      if (refused.isRevert()) {
        return new Reply.Effect.Blocked(Remedy.of(refused, key.address()));
      }
      throw refused;
    }
  }

  private Reply.Effect anchored(Intent.Anchor anchor, ChainClient.Tag tag) throws IOException {
    var known = chain.checkpoint(contracts.anchorLog(), tag);
    var fork = fork(known, anchor);
    if (fork.isPresent()) {
      return new Reply.Effect.Conflict(fork.get());
    }
    return known.size() >= anchor.toSize()
        ? new Reply.Effect.Done("the chain has the log at " + known.size())
        : new Reply.Effect.Absent(known.size());
  }

  /** What makes the chain's log another than ours, if anything does. */
  private Optional<String> fork(ChainClient.AnchoredCheckpoint known, Intent.Anchor anchor)
      throws IOException {
    Optional<Digest> ours;
    if (known.size() == anchor.toSize()) {
      ours = Optional.of(digest(anchor.rootHex()));
    } else if (rootAt == null || known.size() == 0) {
      return Optional.empty();
    } else if (rootAt.apply(anchor.toSize()).isEmpty()) {
      // What is to be anchored was ours once, so what is missing here is only not read again yet.
      throw new IOException("our own log is not read up to " + anchor.toSize() + " yet");
    } else {
      ours = rootAt.apply(known.size());
    }
    if (ours.isEmpty()) {
      return Optional.of(
          "the chain's log has %d leaves and ours has fewer; restore the journal"
              .formatted(known.size()));
    }
    return ours.get().equals(known.root())
        ? Optional.empty()
        : Optional.of("the chain has another root for the log of " + known.size());
  }

  private Reply.Effect published(Intent.PublishRoot publish, ChainClient.Tag tag)
      throws IOException {
    ChainClient.PublishedPayouts there = chain.payouts(contracts.distributor(), tag);
    long epoch = there.epoch();
    if (epoch == publish.toEpoch()) {
      return there.root().hex().equals(publish.rootHex())
          ? paying(epoch, tag)
          : new Reply.Effect.Conflict("the chain has another root for epoch " + epoch);
    }
    if (epoch > publish.toEpoch()) {
      return chain
              .publishedRoots(contracts, publish.toEpoch(), tag)
              .contains(digest(publish.rootHex()))
          ? new Reply.Effect.Done("the chain is at epoch " + epoch)
          : new Reply.Effect.Conflict(
              "the chain is at epoch %d and never published epoch %d with our root 0x%s; restore the journal"
                  .formatted(epoch, publish.toEpoch(), publish.rootHex()));
    }
    return chain
            .rejectedRoots(contracts, publish.toEpoch(), tag)
            .contains(digest(publish.rootHex()))
        ? new Reply.Effect.Conflict(
            "the judge rejected epoch %d with the root 0x%s; no payout is published until it was looked at, see docs/money.md, 'A rejected epoch'"
                .formatted(publish.toEpoch(), publish.rootHex()))
        : new Reply.Effect.Absent(0);
  }

  /** An epoch pays once nobody can challenge it any more. */
  private Reply.Effect paying(long epoch, ChainClient.Tag tag) throws IOException {
    long paysAt = chain.paysAtSeconds(contracts.distributor(), tag);
    return paysAt <= chain.seconds(tag)
        ? new Reply.Effect.Done("epoch " + epoch)
        : new Reply.Effect.Pending("epoch %d pays from second %d on".formatted(epoch, paysAt));
  }

  private Reply.Effect paid(String name, ChainClient.Tag tag) throws IOException {
    return chain.ask(contracts.escrow(), EscrowAbi.isPaid(paymentKey(name)), tag)
        ? new Reply.Effect.Done("paid")
        : new Reply.Effect.Absent(0);
  }

  private Reply.Effect registered(Intent.RegisterNode node, ChainClient.Tag tag)
      throws IOException {
    NodeRegistryAbi.Node known =
        chain.ask(
            contracts.registry(), NodeRegistryAbi.node(NodeId.parse(node.nodeId()).bytes()), tag);
    Address owner = known.owner();
    Address resultKey = known.resultKey();
    if (known.status() == 0) {
      return new Reply.Effect.Absent(0);
    }
    return owner.value().equals(node.owner()) && resultKey.value().equals(node.resultKey())
        ? new Reply.Effect.Done("registered")
        : new Reply.Effect.Conflict(
            "the registry has this node for " + owner + " with the key " + resultKey);
  }

  private Reply.Effect settled(Intent.SettleVouchers settle, ChainClient.Tag tag)
      throws IOException {
    var contract = new VoucherContract(chain, contracts.escrow());
    for (SignedVoucher signed : settle.vouchers()) {
      Voucher voucher = signed.voucher();
      if (contract.spentNanoOpen(voucher.key(), voucher.pool(), tag)
          < voucher.cumulativeNanoOpen()) {
        return new Reply.Effect.Absent(0);
      }
    }
    return new Reply.Effect.Done("settled");
  }

  private TransactionKey.Transaction transaction(Action.Sign sign) {
    return new TransactionKey.Transaction(
        sign.nonce(),
        target(sign.intent()).value(),
        call(sign.intent()).data(),
        gasLimit(sign.intent()),
        sign.maxFeeWeiPerGas(),
        sign.tipWeiPerGas());
  }

  private static long gasLimit(Intent intent) {
    return intent instanceof Intent.SettleVouchers settle
        ? GAS_LIMIT + GAS_PER_VOUCHER * settle.vouchers().size()
        : GAS_LIMIT;
  }

  private Address target(Intent intent) {
    return switch (intent) {
      case Intent.Anchor _ -> contracts.anchorLog();
      case Intent.PublishRoot _ -> contracts.distributor();
      case Intent.Fund _, Intent.Withdraw _, Intent.SettleVouchers _ -> contracts.escrow();
      case Intent.RegisterNode _ -> contracts.registry();
    };
  }

  private Call call(Intent intent) {
    return switch (intent) {
      case Intent.Anchor(var from, var to, var root) -> AnchorLogAbi.anchor(from, to, digest(root));
      case Intent.PublishRoot(var from, var to, var root, var total) ->
          RewardDistributorAbi.publish(from, to, digest(root), Words.wei(total));
      case Intent.Fund(var name, var amount) ->
          EscrowAbi.fund(contracts.distributor(), Words.wei(amount), paymentKey(name));
      case Intent.Withdraw(var name, var account, var depositor, var amount) ->
          EscrowAbi.withdraw(
              digest(account), new Address(depositor), Words.wei(amount), paymentKey(name));
      case Intent.RegisterNode node ->
          NodeRegistryAbi.registerFor(
              new Address(node.owner()),
              NodeId.parse(node.nodeId()).bytes(),
              new Address(node.resultKey()),
              digest(node.capabilityHex()),
              PoolId.parse(node.poolId()).bytes(),
              Words.wei(node.stakeNanoOpen()));
      case Intent.SettleVouchers(var vouchers) -> VoucherContract.settleCall(vouchers);
    };
  }

  private Reply send(Action.Send send) throws IOException {
    try {
      chain.send(send.rawHex());
      return Reply.Sending.ACCEPTED;
    } catch (RpcException refused) {
      String why = String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
      if (why.contains("already known") || why.contains("already imported")) {
        return Reply.Sending.KNOWN;
      }
      if (why.contains("nonce too low")) {
        return Reply.Sending.NONCE_TOO_LOW;
      }
      return why.contains("underpriced") || why.contains("fee too low")
          ? Reply.Sending.UNDERPRICED
          : new Reply.Refused(Remedy.of(refused, key.address()));
    }
  }

  private Reply receipt(String hash) throws IOException {
    JsonNode receipt = chain.receipt(hash);
    return receipt.isNull()
        ? new Reply.NoReceipt()
        : new Reply.Receipt(
            new BlockRef(
                Words.number(receipt.get("blockNumber")), receipt.get("blockHash").asText()),
            Words.number(receipt.get("status")) == 1,
            ReceiptCost.of(receipt).orElse(null));
  }

  private Reply block(long number) throws IOException {
    JsonNode block = chain.rpc().call("eth_getBlockByNumber", Words.quantity(number), false);
    return new Reply.Block(block.isNull() ? "" : block.get("hash").asText());
  }

  private static Digest digest(String hex) {
    return Digest.parse("sha256:" + hex);
  }

  /** The stake that the chain asks of a node at the least, in nano-OPEN. */
  public long minimumStakeNanoOpen() throws IOException {
    return Words.nanoOpen(chain.ask(contracts.registry(), NodeRegistryAbi.terms()).minimumStake());
  }
}
