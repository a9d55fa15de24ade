package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.chainanchor.evm.Standing;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.client.MemberRefusal;

/**
 * The part of the story in which the holders of GOPEN ban a class of work. It is told in two
 * halves: while votes are taken, other work goes on.
 */
final class VoteChapter {
  /**
   * Votes are taken for a moment, so that nobody waits for them. OPEN is a token here, as on a
   * chain with a coin of its own; in {@code dev} it is the coin.
   */
  static final String TERMS =
      """
      openledger.governance {
        voting-delay-on-development-chain = 1s
        voting-period-on-development-chain = 8s
        timelock-on-development-chain = 1s
        notice-on-development-chain = 1s
      }
      openledger.chain.coin-is-open-on-development-chain = false
      """;

  private static final String TITLE = "Ban mining";
  private static final long WRAPPED_NANO_OPEN = 500_000_000_000L;
  private static final String RULES =
      "{'classes':[{'labels':{'purpose':'mining'},'name':'mining','ruling':'banned'}],'epoch':1,"
          + "'vectors':[{'expected':'refused','labels':{'purpose':'mining'}},"
          + "{'expected':'admitted','labels':{'purpose':'research'}}]}";

  private final LocalNetwork network;
  private final Story story;
  private @Nullable Proposal proposal;

  VoteChapter(LocalNetwork network, Story story) {
    this.network = network;
    this.story = story;
  }

  /** Sets the terms before the network is made; a governor keeps its own. */
  static void prepare(Path data) throws IOException {
    Files.createDirectories(data);
    Files.writeString(data.resolve("openledger.conf"), TERMS);
  }

  /** Proposes, and votes. */
  void open() throws IOException {
    story.chapter("A vote begins: shall work that says it is mining be banned?");
    Governor governor = governor();
    Wallet holder = network.requester();
    governor.wrap(holder, WRAPPED_NANO_OPEN);
    governor.delegate(holder, holder.address());
    GovernedRules rules =
        GovernedRules.read(RULES.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    governor.propose(holder, 0, rules.canonical(), TITLE);
    Proposal made = governor.proposals().getLast();
    proposal = made;
    LocalNetwork.await("the vote", () -> state(governor, made) == Standing.State.ACTIVE);
    governor.vote(holder, made, Governor.Support.FOR);
    var terms = governor.terms();
    story.line(
        "proposal %d, \"%s\": 500 GOPEN for it; votes are taken for %d s, the timelock takes %d s"
            + " (development parameters: a network takes two weeks and a day)",
        made.number(), TITLE, terms.periodSeconds(), terms.timelockSeconds());
  }

  /** Has the decision done, and shows that the scheduler obeys. */
  void decide(JobSpec harmless) throws IOException {
    story.chapter("The vote has ended, and the scheduler obeys it");
    Proposal voted = Objects.requireNonNull(proposal, "open() comes first");
    Governor governor = governor();
    Wallet anybody = network.requester();
    LocalNetwork.await(
        "the end of the vote", () -> state(governor, voted) == Standing.State.SUCCEEDED);
    governor.queue(anybody, voted);
    LocalNetwork.await("the timelock", () -> isDue(governor, voted));
    governor.execute(anybody, voted);
    LocalNetwork.await(
        "the member to obey", () -> network.client().network().governance().epoch() == 1);
    var view = network.client().network().governance();
    story.check(
        "vote-obeyed",
        view.ruleHash().equals(voted.ruleHash()) && view.source().endsWith("proposal 1"),
        "rules %s are in force, by %s",
        view.ruleHash(),
        view.source());
    String refusal = refusal(mining(harmless));
    story.check(
        "banned-work-refused",
        refusal.equals("governance epoch 1 bans work of class mining (proposal 1)"),
        "a job labelled purpose=mining: %s",
        refusal.isEmpty() ? "was admitted" : "refused, \"" + refusal + "\"");
  }

  private String refusal(JobSpec job) {
    try {
      network.client().jobs().submit(job);
      return "";
    } catch (MemberRefusal refused) {
      return refused.detail();
    }
  }

  private static JobSpec mining(JobSpec job) {
    var labels = new HashMap<>(job.labels());
    labels.put("purpose", "mining");
    return new JobSpec(
        job.name(), labels, job.workload(), job.tasks(), job.policy(), job.scheduling());
  }

  private Governor governor() throws IOException {
    return new Governor(network.chain(), network.contracts());
  }

  private static Standing.State state(Governor governor, Proposal proposal) {
    return standing(governor, proposal).state();
  }

  private static boolean isDue(Governor governor, Proposal proposal) {
    Standing now = standing(governor, proposal);
    return now.etaSeconds() > 0 && now.nowSeconds() >= now.etaSeconds();
  }

  private static Standing standing(Governor governor, Proposal proposal) {
    try {
      return governor.standing(proposal);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }
}
