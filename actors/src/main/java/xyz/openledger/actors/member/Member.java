package xyz.openledger.actors.member;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsEntity;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.anchor.AnchorMessage;
import xyz.openledger.actors.anchor.Anchorer;
import xyz.openledger.actors.anchor.Settlement;
import xyz.openledger.actors.claim.ClaimMessage;
import xyz.openledger.actors.claim.ClaimsEntity;
import xyz.openledger.actors.files.FilesEntity;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.governance.GovernanceEntity;
import xyz.openledger.actors.governance.GovernanceMessage;
import xyz.openledger.actors.governance.RulesInForce;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobPartition;
import xyz.openledger.actors.job.Neighbours;
import xyz.openledger.actors.journal.LmdbReadJournal;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.log.ReceiptLogEntity;
import xyz.openledger.actors.models.CatalogueEntity;
import xyz.openledger.actors.models.CatalogueMessage;
import xyz.openledger.actors.models.ServedModels;
import xyz.openledger.actors.node.NodeEntity;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeNeighbours;
import xyz.openledger.actors.pool.PoolDirectory;
import xyz.openledger.actors.pool.PoolEntity;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.pool.PoolNews;
import xyz.openledger.actors.pool.Surroundings;
import xyz.openledger.actors.voucher.VoucherMessage;
import xyz.openledger.actors.voucher.VouchersEntity;
import xyz.openledger.actors.words.WordPost;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/**
 * The actors of one member: shards for jobs, pools and nodes; one set of books, one receipt log and
 * one anchorer in the whole cluster; views of this member's journal.
 *
 * <pre>
 *              ┌───────────────┐      ┌──────┐      ┌──────┐
 *   submit ──▶ │ job partition │ ◀──▶ │ pool │ ◀──▶ │ node │ ◀──▶ gateway
 *              └───────────────┘      └──────┘      └──────┘
 *                 │         │
 *            ┌────────┐ ┌───────┐      ┌────────────┐      ┌──────────┐
 *            │ books  │ │  log  │ ◀──▶ │ settlement │ ◀──▶ │ anchorer │ ◀──▶ chain
 *            └────────┘ └───────┘      └────────────┘      └──────────┘
 * </pre>
 */
public final class Member {
  private static final int WAKING_MAX = 64;
  private static final Duration WAKE_TIMEOUT = Duration.ofMinutes(2);

  private final ActorSystem<SpawnProtocol.Command> system;
  private final ClusterSharding sharding;
  private final ActorRef<AccountsMessage> accounts;
  private final ActorRef<LogMessage> log;
  private final ActorRef<ClaimMessage> claims;
  private final ActorRef<GovernanceMessage> governance;
  private final RulesInForce rules;
  private final ActorRef<CatalogueMessage> catalogue;
  private final ServedModels models;
  private final ActorRef<WordPost.Command> words;
  private final ActorRef<FilesMessage> files;
  private final @Nullable ActorRef<AnchorMessage> anchorer;
  private final @Nullable ActorRef<VoucherMessage> vouchers;
  private final PoolDirectory directory;
  private final MemberViews views;
  private final Surroundings surroundings;

  private Member(
      ActorSystem<SpawnProtocol.Command> system,
      ClusterSharding sharding,
      ActorRef<AccountsMessage> accounts,
      ActorRef<LogMessage> log,
      ActorRef<ClaimMessage> claims,
      ActorRef<GovernanceMessage> governance,
      RulesInForce rules,
      ActorRef<CatalogueMessage> catalogue,
      ServedModels models,
      ActorRef<WordPost.Command> words,
      ActorRef<FilesMessage> files,
      @Nullable ActorRef<AnchorMessage> anchorer,
      @Nullable ActorRef<VoucherMessage> vouchers,
      PoolDirectory directory,
      MemberViews views,
      Surroundings surroundings) {
    this.surroundings = surroundings;
    this.system = system;
    this.sharding = sharding;
    this.accounts = accounts;
    this.log = log;
    this.claims = claims;
    this.governance = governance;
    this.rules = rules;
    this.catalogue = catalogue;
    this.models = models;
    this.words = words;
    this.files = files;
    this.anchorer = anchorer;
    this.vouchers = vouchers;
    this.directory = directory;
    this.views = views;
  }

  /**
   * Starts the actors in a system whose cluster has been joined.
   *
   * @return completes once all that was live before has been taken up
   */
  public static CompletionStage<Member> start(
      ActorSystem<SpawnProtocol.Command> system, MemberSetup setup) {
    ClusterSharding sharding = ClusterSharding.get(system);
    ActorRef<AccountsMessage> accounts =
        Home.singleton(system, "accounts", restarting(AccountsEntity.create()));
    ActorRef<LogMessage> log =
        Home.singleton(
            system,
            "receipt-log",
            restarting(ReceiptLogEntity.create(setup.origin(), setup.logView(), setup.logKey())));
    ActorRef<ClaimMessage> claims =
        Home.singleton(system, "claims", restarting(ClaimsEntity.create(setup.clock())));
    ActorRef<GovernanceMessage> governance =
        Home.singleton(system, "governance", restarting(GovernanceEntity.create(setup.clock())));
    ActorRef<CatalogueMessage> catalogue =
        Home.singleton(
            system, "model-catalogue", restarting(CatalogueEntity.create(setup.clock())));
    ActorRef<FilesMessage> files =
        Home.singleton(system, "files", restarting(FilesEntity.create(setup.clock())));
    var models = new ServedModels();
    system.systemActorOf(models.follower(catalogue), "served-models", Props.empty());
    ActorRef<WordPost.Command> words =
        system.systemActorOf(WordPost.create(), "words", Props.empty());
    var rules = new RulesInForce();
    system.systemActorOf(rules.follower(governance), "governed-rules", Props.empty());
    var directory = new PoolDirectory();
    ActorRef<Topic.Command<PoolNews>> news =
        system.systemActorOf(Topic.create(PoolNews.class, "pool-news"), "pool-news", Props.empty());
    system.systemActorOf(directory.listener(news), "pool-directory", Props.empty());

    sharding.init(
        Entity.of(
            PoolEntity.KEY,
            entity ->
                PoolEntity.create(
                    entity.getEntityId(),
                    setup.epochSecret(),
                    news,
                    accounts,
                    setup.clock(),
                    setup.surroundings())));
    var nodes =
        new NodeNeighbours(
            job -> sharding.entityRefFor(JobPartition.KEY, JobPartition.of(job)),
            pool -> sharding.entityRefFor(PoolEntity.KEY, pool.value()),
            setup.challenges(),
            setup.stored(),
            setup.grace(),
            setup.capacity());
    sharding.init(
        Entity.of(
            NodeEntity.KEY,
            entity -> NodeEntity.create(entity.getEntityId(), nodes, setup.clock())));
    var neighbours =
        new Neighbours(
            accounts,
            log,
            pool -> sharding.entityRefFor(PoolEntity.KEY, pool.value()),
            node -> sharding.entityRefFor(NodeEntity.KEY, node.value()),
            directory::pools,
            rules::rules,
            setup.checks(),
            setup.surroundings().blobBytes(),
            setup.convictions());
    sharding.init(
        Entity.of(
            JobPartition.KEY,
            entity -> JobPartition.create(entity.getEntityId(), neighbours, setup.clock())));

    var views = MemberViews.start(system, setup.views(), sharding);
    ActorRef<AnchorMessage> anchorer = anchorer(system, setup, accounts, log, rules);
    var member =
        new Member(
            system,
            sharding,
            accounts,
            log,
            claims,
            governance,
            rules,
            catalogue,
            models,
            words,
            files,
            anchorer,
            vouchers(system, setup),
            directory,
            views,
            setup.surroundings());
    // No job is admitted before it is known under which rules, under which licences models are, and
    // which jobs there have been: one that was done already would be done and paid again.
    return member
        .wake()
        .thenCombine(views.caughtUp(), (_, _) -> member)
        .thenCombine(rules.known(), (_, _) -> member)
        .thenCombine(models.known(), (started, _) -> started);
  }

  /** The books. */
  public ActorRef<AccountsMessage> accounts() {
    return accounts;
  }

  /** The receipt log. */
  public ActorRef<LogMessage> log() {
    return log;
  }

  /** The claims. */
  public ActorRef<ClaimMessage> claims() {
    return claims;
  }

  /** The governed values, for changing them. */
  public ActorRef<GovernanceMessage> governance() {
    return governance;
  }

  /** The governed values in force, as this member knows them. */
  public RulesInForce rules() {
    return rules;
  }

  /** The catalogue of models, for changing it. */
  public ActorRef<CatalogueMessage> catalogue() {
    return catalogue;
  }

  /** The models that are served, as this member knows them. */
  public ServedModels models() {
    return models;
  }

  /** Where the words of answers come by while they are made. */
  public ActorRef<WordPost.Command> words() {
    return words;
  }

  /** Files and batches of requesters. */
  public ActorRef<FilesMessage> files() {
    return files;
  }

  /** The anchorer; null for a member that anchors nothing. */
  public @Nullable ActorRef<AnchorMessage> anchorer() {
    return anchorer;
  }

  /** What was promised by vouchers; null for a member that anchors nothing. */
  public @Nullable ActorRef<VoucherMessage> vouchers() {
    return vouchers;
  }

  /** The partition that holds a job. */
  public RecipientRef<JobMessage> jobs(JobId job) {
    return sharding.entityRefFor(JobPartition.KEY, JobPartition.of(job));
  }

  /** A node's twin. */
  public RecipientRef<NodeMessage> node(NodeId node) {
    return sharding.entityRefFor(NodeEntity.KEY, node.value());
  }

  /** A pool. */
  public RecipientRef<PoolMessage> pool(PoolId pool) {
    return sharding.entityRefFor(PoolEntity.KEY, pool.value());
  }

  /** What is known of all pools. */
  public PoolDirectory directory() {
    return directory;
  }

  /** What pools look up of the world around them. */
  public Surroundings surroundings() {
    return surroundings;
  }

  /** What the journal says, for reading. */
  public MemberViews views() {
    return views;
  }

  /** The actor system. */
  public ActorSystem<SpawnProtocol.Command> system() {
    return system;
  }

  /**
   * Partitions and pools start when they are spoken to; those with a past may have live work.
   *
   * @return completes once all of them have taken it up
   */
  private CompletionStage<Done> wake() {
    var journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(LmdbReadJournal.class, LmdbReadJournal.IDENTIFIER);
    return journal
        .currentPersistenceIds()
        .mapAsyncUnordered(WAKING_MAX, this::wake)
        .runWith(Sink.ignore(), system);
  }

  private CompletionStage<Done> wake(String persistenceId) {
    int bar = persistenceId.indexOf('|');
    String kind = bar < 0 ? "" : persistenceId.substring(0, bar);
    String id = persistenceId.substring(bar + 1);
    if (kind.equals(JobPartition.KEY.name())) {
      return sharding
          .entityRefFor(JobPartition.KEY, id)
          .<JobMessage.Awake>ask(JobMessage.Wake::new, WAKE_TIMEOUT)
          .thenApply(_ -> Done.getInstance());
    }
    if (kind.equals(PoolEntity.KEY.name())) {
      sharding.entityRefFor(PoolEntity.KEY, id).tell(PoolMessage.Tick.INSTANCE);
    }
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private static @Nullable ActorRef<AnchorMessage> anchorer(
      ActorSystem<SpawnProtocol.Command> system,
      MemberSetup setup,
      ActorRef<AccountsMessage> accounts,
      ActorRef<LogMessage> log,
      RulesInForce rules) {
    MemberSetup.ChainSetup way = setup.chain();
    if (way == null) {
      return null;
    }
    ActorRef<AnchorMessage> anchorer =
        Home.singleton(
            system,
            "anchorer",
            restarting(
                Anchorer.create(
                    way.outbox(), way.chain(), way.poll(), setup.blocking(), setup.clock())));
    Home.singleton(
        system,
        "settlement",
        restarting(
            Settlement.create(
                new Settlement.Setup(
                    accounts,
                    log,
                    anchorer,
                    way.chain(),
                    setup.blocking(),
                    way.platformPayee(),
                    way.fromBlock(),
                    way.settle(),
                    way.payout(),
                    way.witnesses(),
                    () -> rules.rules().payees()))));
    return anchorer;
  }

  private static @Nullable ActorRef<VoucherMessage> vouchers(
      ActorSystem<SpawnProtocol.Command> system, MemberSetup setup) {
    MemberSetup.ChainSetup way = setup.chain();
    return way == null
        ? null
        : Home.singleton(
            system, "vouchers", restarting(VouchersEntity.create(way.vouchers(), setup.clock())));
  }

  private static <M> Behavior<M> restarting(Behavior<M> behavior) {
    return Behaviors.supervise(behavior)
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
  }
}
