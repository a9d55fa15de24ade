package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Keccak;

/** The contract that takes proposals and votes, as a holder of GOPEN uses it. */
public final class Governor {
  private static final int VOTE_POLLS_MAX = 40;
  private static final long VOTE_POLL_MILLIS = 250;

  private static final String PROPOSAL_CREATED =
      Words.topic(
          "ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,"
              + "string)");
  private static final String PROPOSAL_EXECUTED = Words.topic("ProposalExecuted(uint256)");
  private static final String PUBLISH = "publish(uint64,bytes)";
  private static final int SELECTOR_BYTES = 4;

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
        number(at.governor(), "votingDelay()"),
        number(at.governor(), "votingPeriod()"),
        Words.nanoOpen(uint(at.governor(), Call.of("proposalThreshold()"))),
        (int) number(at.governor(), "quorumNumerator()"),
        number(at.timelock(), "getMinDelay()"),
        number(at.board(), "noticeSeconds()"));
  }

  /** All proposals, oldest first. */
  public List<Proposal> proposals() throws IOException {
    var proposals = new ArrayList<Proposal>();
    for (ChainClient.Log log : logs(PROPOSAL_CREATED)) {
      proposals.add(proposal(proposals.size() + 1, AbiData.of(log.data())));
    }
    return proposals;
  }

  /** The proposal that a transaction executed; empty if it executed none. */
  public Optional<Proposal> executedBy(String transaction) throws IOException {
    for (ChainClient.Log log : logs(PROPOSAL_EXECUTED)) {
      if (log.id().startsWith(transaction + "/")) {
        BigInteger id = Words.uint(log.data(), 0);
        return proposals().stream().filter(proposal -> proposal.id().equals(id)).findFirst();
      }
    }
    return Optional.empty();
  }

  /** Where a proposal stands now. */
  public Standing standing(Proposal proposal) throws IOException {
    var state =
        Standing.State.of(
            uint(at.governor(), Call.of("state(uint256)").uint(proposal.id())).intValueExact());
    String tally =
        chain.call(
            at.governor(),
            Call.of("proposalVotes(uint256)").uint(proposal.id()),
            ChainClient.Tag.LATEST);
    BigInteger quorum =
        state == Standing.State.PENDING
            ? BigInteger.ZERO
            : uint(at.governor(), Call.of("quorum(uint256)").uint(proposal.voteStartSeconds()));
    return new Standing(
        state,
        Words.nanoOpen(Words.uint(tally, 1)),
        Words.nanoOpen(Words.uint(tally, 0)),
        Words.nanoOpen(Words.uint(tally, 2)),
        Words.nanoOpen(quorum),
        uint(at.governor(), Call.of("proposalEta(uint256)").uint(proposal.id())).longValueExact(),
        chain.seconds(ChainClient.Tag.LATEST));
  }

  /** The votes of an account now, its own and those delegated to it, in 10^-9 GOPEN. */
  public long votesNanoOpen(Address account) throws IOException {
    return Words.nanoOpen(uint(at.votes(), Call.of("getVotes(address)").address(account)));
  }

  /** The votes that an account has on a proposal whose voting has begun. */
  public long votesNanoOpen(Address account, Proposal proposal) throws IOException {
    return Words.nanoOpen(
        uint(
            at.governor(),
            Call.of("getVotes(address,uint256)")
                .address(account)
                .uint(proposal.voteStartSeconds())));
  }

  /** Whether an account has voted on a proposal. */
  public boolean hasVoted(Address account, Proposal proposal) throws IOException {
    return uint(
                at.governor(),
                Call.of("hasVoted(uint256,address)").uint(proposal.id()).address(account))
            .signum()
        > 0;
  }

  /** OPEN that an account could wrap, in 10^-9. */
  public long openNanoOpen(Address account) throws IOException {
    return Words.nanoOpen(chain.balance(contracts.token(), account));
  }

  /** Wraps OPEN into GOPEN. */
  public String wrap(Wallet holder, long nanoOpen) throws IOException {
    var wei = Words.wei(nanoOpen);
    holder.transact(
        contracts.token(), Call.of("approve(address,uint256)").address(at.votes()).uint(wei));
    return holder.transact(at.votes(), Call.of("deposit(uint256)").uint(wei));
  }

  /** Gives the votes of a holder's GOPEN to an account, which may be its own. */
  public String delegate(Wallet holder, Address to) throws IOException {
    return holder.transact(at.votes(), Call.of("delegate(address)").address(to));
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
        calls("propose(address[],uint256[],bytes[],string)", at.board(), publish(fromNumber, rules))
            .text(description));
  }

  /**
   * Votes that were given in the last block count from the next second on. A chain may be slow to
   * have one, so this waits a few seconds; whether they suffice the contract says.
   */
  private void awaitVotesCount(Address account) throws IOException {
    for (int i = 0; i < VOTE_POLLS_MAX; i++) {
      long before = chain.seconds(ChainClient.Tag.LATEST) - 1;
      BigInteger counting =
          uint(at.governor(), Call.of("getVotes(address,uint256)").address(account).uint(before));
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
        at.governor(), Call.of("castVote(uint256,uint8)").uint(proposal.id()).uint(support.code));
  }

  /** Hands a decision to the timelock; anybody may. */
  public String queue(Wallet anybody, Proposal proposal) throws IOException {
    return anybody.transact(
        at.governor(), again("queue(address[],uint256[],bytes[],bytes32)", proposal));
  }

  /** Has the timelock do what was decided; anybody may. */
  public String execute(Wallet anybody, Proposal proposal) throws IOException {
    return anybody.transact(
        at.governor(), again("execute(address[],uint256[],bytes[],bytes32)", proposal));
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

  private Call again(String signature, Proposal proposal) {
    byte[] why = proposal.description().getBytes(StandardCharsets.UTF_8);
    return calls(signature, at.board(), publish(proposal.fromEpoch(), proposal.rules()))
        .bytes32(Digest.wrap(Keccak.hash(why)));
  }

  private static Call calls(String signature, Address target, byte[] data) {
    return Call.of(signature)
        .addresses(List.of(target))
        .uints(List.of(BigInteger.ZERO))
        .byteStrings(List.of(data));
  }

  private static byte[] publish(long fromNumber, byte[] rules) {
    String data = Call.of(PUBLISH).uint(fromNumber).bytes(rules).data();
    return HexFormat.of().parseHex(data, 2, data.length());
  }

  private Proposal proposal(int number, AbiData created) {
    BigInteger id = created.uint(0);
    Address proposer = created.address(1);
    long start = created.uint(6).longValueExact();
    long end = created.uint(7).longValueExact();
    String description = new String(created.bytes(8), StandardCharsets.UTF_8);
    Optional<AbiData> call = publication(created);
    return call.isEmpty()
        ? new Proposal(number, id, proposer, start, end, -1, new byte[0], description)
        : new Proposal(
            number,
            id,
            proposer,
            start,
            end,
            call.get().uint(0).longValueExact(),
            call.get().bytes(1),
            description);
  }

  /**
   * The arguments of the only call of a proposal; empty if it is about something else than rules,
   * or not encoded as we would.
   */
  private Optional<AbiData> publication(AbiData created) {
    try {
      AbiData targets = created.at(2);
      if (targets.size(0) != 1
          || !targets.address(1).equals(at.board())
          || created.at(3).uint(1).signum() != 0) {
        return Optional.empty();
      }
      byte[] call = created.at(5).elements().bytes(0);
      var arguments = new AbiData(call, SELECTOR_BYTES);
      byte[] same = publish(arguments.uint(0).longValueExact(), arguments.bytes(1));
      return Arrays.equals(call, same) ? Optional.of(arguments) : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException foreign) {
      return Optional.empty();
    }
  }

  private List<ChainClient.Log> logs(String topic) throws IOException {
    return chain.logs(at.governor(), topic, contracts.fromBlock(), chain.head().number());
  }

  private long number(Address contract, String function) throws IOException {
    return uint(contract, Call.of(function)).longValueExact();
  }

  private BigInteger uint(Address contract, Call call) throws IOException {
    return Words.uint(chain.call(contract, call, ChainClient.Tag.LATEST), 0);
  }
}
