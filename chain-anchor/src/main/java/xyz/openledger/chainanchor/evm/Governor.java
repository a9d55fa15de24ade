package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Keccak;

/** The contract that takes proposals and votes, as a holder of GOPEN uses it. */
public final class Governor {
  private static final int VOTE_POLLS_MAX = 40;
  private static final long VOTE_POLL_MILLIS = 250;
  private static final List<BigInteger> NO_COIN = List.of(BigInteger.ZERO);

  private final ChainClient chain;
  private final Contracts contracts;
  private final GovernanceContracts at;

  /** The governor among {@code contracts}. */
  public Governor(ChainClient chain, Contracts contracts) {
    GovernanceContracts governance = contracts.governance();
    if (governance == null) {
      throw new IllegalStateException("there is no governor on chain " + contracts.chainId());
    }
    this.chain = chain;
    this.contracts = contracts;
    this.at = governance;
  }

  /** What it decides by. */
  public GovernanceTerms terms() throws IOException {
    return new GovernanceTerms(
        ask(OpenLedgerGovernorAbi.votingDelay()).longValueExact(),
        ask(OpenLedgerGovernorAbi.votingPeriod()).longValueExact(),
        Words.nanoOpen(ask(OpenLedgerGovernorAbi.proposalThreshold())),
        ask(OpenLedgerGovernorAbi.quorumNumerator()).intValueExact(),
        chain.ask(at.timelock(), TimelockControllerAbi.getMinDelay()).longValueExact(),
        chain.ask(at.board(), PolicyBoardAbi.noticeSeconds()));
  }

  /** All proposals, oldest first. */
  public List<Proposal> proposals() throws IOException {
    var proposals = new ArrayList<Proposal>();
    for (ChainClient.Log log : logs(OpenLedgerGovernorAbi.ProposalCreated.TOPIC)) {
      var created = OpenLedgerGovernorAbi.ProposalCreated.of(log);
      proposals.add(proposal(proposals.size() + 1, created));
    }
    return proposals;
  }

  /** The proposal that a transaction executed; empty if it executed none. */
  public Optional<Proposal> executedBy(String transaction) throws IOException {
    for (ChainClient.Log log : logs(OpenLedgerGovernorAbi.ProposalExecuted.TOPIC)) {
      if (log.transaction().equals(transaction)) {
        BigInteger id = OpenLedgerGovernorAbi.ProposalExecuted.of(log).proposalId();
        return proposals().stream().filter(proposal -> proposal.id().equals(id)).findFirst();
      }
    }
    return Optional.empty();
  }

  /** Where a proposal stands now. */
  public Standing standing(Proposal proposal) throws IOException {
    var state = Standing.State.of(Math.toIntExact(ask(OpenLedgerGovernorAbi.state(proposal.id()))));
    var tally = ask(OpenLedgerGovernorAbi.proposalVotes(proposal.id()));
    BigInteger quorum =
        state == Standing.State.PENDING
            ? BigInteger.ZERO
            : ask(OpenLedgerGovernorAbi.quorum(start(proposal)));
    return new Standing(
        state,
        Words.nanoOpen(tally.forVotes()),
        Words.nanoOpen(tally.againstVotes()),
        Words.nanoOpen(tally.abstainVotes()),
        Words.nanoOpen(quorum),
        ask(OpenLedgerGovernorAbi.proposalEta(proposal.id())).longValueExact(),
        chain.seconds(ChainClient.Tag.LATEST));
  }

  /** The votes of an account now, its own and those delegated to it, in 10^-9 GOPEN. */
  public long votesNanoOpen(Address account) throws IOException {
    return Words.nanoOpen(chain.ask(at.votes(), GovOpenAbi.getVotes(account)));
  }

  /** The votes that an account has on a proposal whose voting has begun. */
  public long votesNanoOpen(Address account, Proposal proposal) throws IOException {
    return Words.nanoOpen(ask(OpenLedgerGovernorAbi.getVotes(account, start(proposal))));
  }

  /** Whether an account has voted on a proposal. */
  public boolean hasVoted(Address account, Proposal proposal) throws IOException {
    return ask(OpenLedgerGovernorAbi.hasVoted(proposal.id(), account));
  }

  /** OPEN that an account could wrap, in 10^-9. */
  public long openNanoOpen(Address account) throws IOException {
    return Words.nanoOpen(chain.balance(contracts.token(), account));
  }

  /** Wraps OPEN into GOPEN. */
  public String wrap(Wallet holder, long nanoOpen) throws IOException {
    var wei = Words.wei(nanoOpen);
    holder.transact(contracts.token(), OpenTokenAbi.approve(at.votes(), wei));
    return holder.transact(at.votes(), GovOpenAbi.deposit(wei));
  }

  /** Gives the votes of a holder's GOPEN to an account, which may be its own. */
  public String delegate(Wallet holder, Address to) throws IOException {
    return holder.transact(at.votes(), GovOpenAbi.delegate(to));
  }

  /**
   * Proposes that the board publish rules.
   *
   * @param fromNumber the epoch that they follow
   */
  public String propose(Wallet proposer, long fromNumber, byte[] rules, String description)
      throws IOException {
    awaitVotesCount(proposer.address());
    return proposer.transact(
        at.governor(),
        OpenLedgerGovernorAbi.propose(
            List.of(at.board()), NO_COIN, List.of(publish(fromNumber, rules)), description));
  }

  /**
   * Votes that were given in the last block count from the next second on. A chain may be slow to
   * have one, so this waits a few seconds; whether they suffice the contract says.
   */
  private void awaitVotesCount(Address account) throws IOException {
    for (int i = 0; i < VOTE_POLLS_MAX; i++) {
      long before = chain.seconds(ChainClient.Tag.LATEST) - 1;
      BigInteger counting =
          ask(OpenLedgerGovernorAbi.getVotes(account, BigInteger.valueOf(before)));
      if (Words.nanoOpen(counting) == votesNanoOpen(account)) {
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(VOTE_POLL_MILLIS);
      } catch (InterruptedException given) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while votes come to count", given);
      }
    }
  }

  /** Casts the votes of an account. */
  public String vote(Wallet voter, Proposal proposal, Support support) throws IOException {
    return voter.transact(
        at.governor(), OpenLedgerGovernorAbi.castVote(proposal.id(), support.code));
  }

  /** Hands a decision to the timelock; anybody may. */
  public String queue(Wallet anybody, Proposal proposal) throws IOException {
    return anybody.transact(
        at.governor(),
        OpenLedgerGovernorAbi.queue(
            List.of(at.board()), NO_COIN, List.of(publication(proposal)), why(proposal)));
  }

  /** Has the timelock do what was decided; anybody may. */
  public String execute(Wallet anybody, Proposal proposal) throws IOException {
    return anybody.transact(
        at.governor(),
        OpenLedgerGovernorAbi.execute(
            List.of(at.board()), NO_COIN, List.of(publication(proposal)), why(proposal)));
  }

  /** How a vote may be cast, with the contract's code. */
  public enum Support {
    AGAINST(0),
    FOR(1),
    ABSTAIN(2);

    private final int code;

    Support(int code) {
      this.code = code;
    }
  }

  private static byte[] publication(Proposal proposal) {
    return publish(proposal.fromEpoch(), proposal.rules());
  }

  private static Digest why(Proposal proposal) {
    return Digest.wrap(Keccak.hash(proposal.description().getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] publish(long fromNumber, byte[] rules) {
    String data = PolicyBoardAbi.publish(fromNumber, rules).data();
    return HexFormat.of().parseHex(data, 2, data.length());
  }

  private Proposal proposal(int number, OpenLedgerGovernorAbi.ProposalCreated created) {
    Optional<Publication> call = publication(created);
    return new Proposal(
        number,
        created.proposalId(),
        created.proposer(),
        created.voteStart().longValueExact(),
        created.voteEnd().longValueExact(),
        call.map(Publication::fromNumber).orElse(-1L),
        call.map(Publication::rules).orElse(new byte[0]),
        created.description());
  }

  /** What {@link #publish} is called with. */
  private record Publication(long fromNumber, byte[] rules) {}

  /**
   * The arguments of the only call of a proposal; empty if it is about something else than rules,
   * or not encoded as we would.
   */
  private Optional<Publication> publication(OpenLedgerGovernorAbi.ProposalCreated created) {
    if (!created.targets().equals(List.of(at.board())) || !created.values().equals(NO_COIN)) {
      return Optional.empty();
    }
    try {
      byte[] call = created.calldatas().getFirst();
      var arguments = new AbiData(call, Selector.BYTES);
      var found = new Publication(arguments.number(0), arguments.bytes(1));
      boolean ours = Arrays.equals(call, publish(found.fromNumber(), found.rules()));
      return ours ? Optional.of(found) : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException | NoSuchElementException foreign) {
      return Optional.empty();
    }
  }

  private List<ChainClient.Log> logs(String topic) throws IOException {
    return chain.logs(at.governor(), topic, contracts.fromBlock(), chain.head().number());
  }

  private <R> R ask(Query<R> query) throws IOException {
    return chain.ask(at.governor(), query);
  }

  private static BigInteger start(Proposal proposal) {
    return BigInteger.valueOf(proposal.voteStartSeconds());
  }
}
