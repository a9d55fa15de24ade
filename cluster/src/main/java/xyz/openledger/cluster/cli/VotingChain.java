package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.Board;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.GovernanceTerms;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.chainanchor.evm.RpcException;
import xyz.openledger.chainanchor.evm.Standing;
import xyz.openledger.chainanchor.evm.TransactionKey;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.cluster.cli.ProposalText.Step;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.RuleBundle;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.Version;
import xyz.openledger.protocol.keys.KeyFile;

/**
 * What the verbs about votes do on the chain; apart, so that no other loads its libraries. What the
 * contracts would refuse is refused here first, with a sentence and before anything is sent.
 */
final class VotingChain {
  private static final long WAIT_SECONDS_MAX = 600;
  private static final long POLL_MILLIS = 1_000;
  private static final int SHORT_ID_LETTERS_MIN = 8;

  private final ChainClient client;
  private final Governor governor;
  private final Board board;

  /** The votes of the network whose member answers {@code there}. */
  VotingChain(Voter voter, Version there) {
    client = new ChainClient(new JsonRpc(voter.chain()));
    Contracts contracts = NamedContracts.of(there);
    governor = new Governor(client, contracts);
    board = new Board(client, contracts);
  }

  /**
   * What programs read of a step.
   *
   * @param epoch that the rules would have; 0 if it is about something else
   * @param transaction absent if nothing was sent
   */
  record Vote(
      int proposal,
      String id,
      String title,
      Address proposer,
      String state,
      long epoch,
      @Nullable Digest ruleHash,
      String inFavour,
      String against,
      String abstained,
      String quorum,
      long voteStartSeconds,
      long voteEndSeconds,
      long etaSeconds,
      String next,
      @Nullable String transaction) {}

  GovernanceTerms terms() throws IOException {
    return governor.terms();
  }

  List<Proposal> proposals() throws IOException {
    return governor.proposals();
  }

  Standing standing(Proposal proposal) throws IOException {
    return governor.standing(proposal);
  }

  Board.Reading board() throws IOException {
    return board.read(ChainClient.Tag.LATEST);
  }

  Wallet wallet(Voter voter) throws IOException {
    return new Wallet(
        client, new TransactionKey(KeyFile.secp256k1(voter.keyFile()), client.chainId()));
  }

  long votesNanoOpen(Address account) throws IOException {
    return governor.votesNanoOpen(account);
  }

  /**
   * The proposal that a person means: by its number, or by its id or the beginning of it in hex.
   */
  Proposal find(String word) throws IOException {
    List<Proposal> all = proposals();
    var found =
        all.stream()
            .filter(
                each ->
                    word.equals(Integer.toString(each.number()))
                        || word.equals(each.id().toString())
                        || (word.length() >= SHORT_ID_LETTERS_MIN + 2
                            && id(each.id()).startsWith(word)))
            .toList();
    if (found.size() != 1) {
      throw CommandFailure.usage(
          "there is no proposal %s; there are %d".formatted(word, all.size()),
          "ID",
          "openledger gov show");
    }
    return found.getFirst();
  }

  /** Proposes rules. */
  Vote propose(Wallet wallet, GovernedRules rules, String title) throws IOException {
    long latest = board().latest().number();
    RuleBundle.check(rules, latest + 1);
    byte[] document = rules.canonical();
    Digest hash = Digest.of(document);
    for (Proposal known : proposals()) {
      if (known.isAboutRules()
          && known.ruleHash().equals(hash)
          && known.description().equals(title)) {
        throw CommandFailure.failed(
            "these rules were proposed already: proposal " + known.number(),
            "openledger gov show " + known.number());
      }
    }
    long votes = governor.votesNanoOpen(wallet.address());
    long needed = terms().thresholdNanoOpen();
    if (votes < needed) {
      String open = ProposalText.govOpen(needed);
      throw CommandFailure.failed(
          "%s has %s votes, and a proposal needs %s"
              .formatted(wallet.address(), ProposalText.govOpen(votes), open),
          "openledger gov wrap " + open);
    }
    String transaction = sent(() -> governor.propose(wallet, latest, document, title));
    return told(proposals().getLast(), transaction);
  }

  Vote vote(Wallet wallet, Proposal proposal, Governor.Support support, boolean wait)
      throws IOException {
    ready(Step.VOTE, proposal, wait);
    if (governor.hasVoted(wallet.address(), proposal)) {
      throw CommandFailure.failed(
          "%s has voted on proposal %d already".formatted(wallet.address(), proposal.number()),
          "openledger gov show " + proposal.number());
    }
    if (governor.votesNanoOpen(wallet.address(), proposal) == 0) {
      throw CommandFailure.failed(
          "%s had no votes when voting on proposal %d began; what is wrapped later counts for later"
                  .formatted(wallet.address(), proposal.number())
              + " proposals",
          "openledger gov wrap 100");
    }
    return told(proposal, sent(() -> governor.vote(wallet, proposal, support)));
  }

  Vote queue(Wallet wallet, Proposal proposal, boolean wait) throws IOException {
    ready(Step.QUEUE, proposal, wait);
    return told(proposal, sent(() -> governor.queue(wallet, proposal)));
  }

  Vote execute(Wallet wallet, Proposal proposal, boolean wait) throws IOException {
    ready(Step.EXECUTE, proposal, wait);
    long latest = board().latest().number();
    if (latest != proposal.fromEpoch()) {
      throw CommandFailure.failed(
          "proposal %d follows epoch %d, and the board is at epoch %d: it was overtaken"
              .formatted(proposal.number(), proposal.fromEpoch(), latest),
          "propose it again with epoch: " + (latest + 1));
    }
    return told(proposal, sent(() -> governor.execute(wallet, proposal)));
  }

  /** Wraps OPEN; votes count for their holder from then on. */
  String wrap(Wallet wallet, long nanoOpen) throws IOException {
    long there = governor.openNanoOpen(wallet.address());
    if (there < nanoOpen) {
      throw CommandFailure.failed(
          "%s holds %s".formatted(wallet.address(), Money.text(there)), "wrap less");
    }
    String transaction = sent(() -> governor.wrap(wallet, nanoOpen));
    if (governor.votesNanoOpen(wallet.address()) == 0) {
      return sent(() -> governor.delegate(wallet, wallet.address()));
    }
    return transaction;
  }

  String delegate(Wallet wallet, Address to) throws IOException {
    return sent(() -> governor.delegate(wallet, to));
  }

  Vote told(Proposal proposal, @Nullable String transaction) throws IOException {
    Standing now = standing(proposal);
    return new Vote(
        proposal.number(),
        id(proposal.id()),
        proposal.description(),
        proposal.proposer(),
        ProposalText.state(proposal, now),
        proposal.isAboutRules() ? proposal.fromEpoch() + 1 : 0,
        proposal.isAboutRules() ? proposal.ruleHash() : null,
        ProposalText.govOpen(now.inFavourNanoOpen()),
        ProposalText.govOpen(now.againstNanoOpen()),
        ProposalText.govOpen(now.abstainedNanoOpen()),
        ProposalText.govOpen(now.quorumNanoOpen()),
        proposal.voteStartSeconds(),
        proposal.voteEndSeconds(),
        now.etaSeconds(),
        ProposalText.next(proposal, now),
        transaction);
  }

  /** Refuses a step that cannot be done, or waits until it can. */
  private void ready(Step step, Proposal proposal, boolean wait) throws IOException {
    if (!proposal.isAboutRules() && step != Step.VOTE) {
      throw CommandFailure.failed(
          "proposal %d is about something else than rules".formatted(proposal.number()),
          "use the governor's own interface");
    }
    long waited = 0;
    while (true) {
      Standing now = standing(proposal);
      long left = ProposalText.secondsUntil(step, proposal, now);
      if (left == 0) {
        return;
      }
      if (left == ProposalText.NEVER || !wait || left + waited > WAIT_SECONDS_MAX) {
        String next = ProposalText.next(proposal, now);
        throw CommandFailure.failed(
            "proposal %d is %s".formatted(proposal.number(), ProposalText.state(proposal, now)),
            next.isEmpty() ? "openledger gov show" : next);
      }
      pause();
      waited++;
    }
  }

  private interface Sending {
    String send() throws IOException;
  }

  private static String sent(Sending sending) throws IOException {
    try {
      return sending.send();
    } catch (RpcException refused) {
      if (refused.isRevert()) {
        throw CommandFailure.failed(
            "the contract refuses: " + refused.getMessage(), "openledger gov show");
      }
      throw refused;
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  private static String id(BigInteger id) {
    return "0x%064x".formatted(id);
  }
}
