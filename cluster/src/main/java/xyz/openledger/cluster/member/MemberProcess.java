package xyz.openledger.cluster.member;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.member.MemberSetup;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.pool.PoolView;
import xyz.openledger.actors.pool.Surroundings;
import xyz.openledger.actors.tuning.TuningEntity;
import xyz.openledger.actors.view.ViewStore;
import xyz.openledger.chainanchor.evm.Board;
import xyz.openledger.chainanchor.evm.EpochsOnChain;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.chainanchor.log.LmdbLogView;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.blob.KnownSizes;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.cluster.configuration.Release;
import xyz.openledger.cluster.energy.GridWatch;
import xyz.openledger.cluster.energy.HttpGrid;
import xyz.openledger.cluster.gateway.GatewayAuthority;
import xyz.openledger.cluster.gateway.GatewaySettings;
import xyz.openledger.cluster.gateway.NodeGateway;
import xyz.openledger.cluster.http.EventFeed;
import xyz.openledger.cluster.http.HttpServer;
import xyz.openledger.cluster.http.HttpSettings;
import xyz.openledger.cluster.http.NodeTokens;
import xyz.openledger.cluster.http.Tokens;
import xyz.openledger.cluster.witness.HttpWitnesses;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Version;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.voucher.EscrowDomain;

/**
 * One member, whole: its actor system, its chain, its gateway for nodes, its HTTP interface.
 * Started in the order in which they need one another, stopped in the opposite one.
 */
public final class MemberProcess implements AutoCloseable {
  /** The tenant whose token a development member writes down. */
  public static final TenantId DEVELOPMENT_TENANT = new TenantId("development");

  private static final Logger LOG = LoggerFactory.getLogger(MemberProcess.class);
  private static final Duration NODE_GRACE = Duration.ofSeconds(15);
  private static final Duration GRID_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration GRID_LOOK = Duration.ofSeconds(5);
  private static final Duration CHAIN_POLL = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final long LOG_BYTES_MAX = 16L << 30;

  private final MemberOptions options;
  private final List<AutoCloseable> open = new ArrayList<>();
  private URI url = URI.create("http://127.0.0.1");

  private MemberProcess(MemberOptions options) {
    this.options = options;
  }

  /** Starts a member; what had been started is stopped again if anything fails. */
  public static MemberProcess start(MemberOptions options) throws IOException {
    var process = new MemberProcess(options);
    try {
      process.start();
      return process;
    } catch (IOException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  /** Where its HTTP interface is. */
  public URI url() {
    return url;
  }

  private void start() throws IOException {
    Path data = options.data();
    Files.createDirectories(data);
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    open.add(timer::shutdownNow);
    Ed25519Key logKey = KeyFile.ed25519(options.key("log"));
    String origin = "openledger.xyz/log/" + Digest.of(logKey.publicKey()).hex().substring(0, 16);

    ViewStore views = opened(new ViewStore(data.resolve("member/views")));
    LmdbLogView logView = opened(LmdbLogView.open(data.resolve("member/log"), LOG_BYTES_MAX));
    var configuration = MemberSystem.configuration(data, options.host(), options.clusterPort());
    var terms = GovernanceSettings.from(configuration, options.rpc() == null);
    var currency = CurrencySettings.from(configuration, options.rpc() == null);
    var settlement = SettlementSettings.from(configuration, options.rpc() == null);
    ChainLink chain =
        ChainLink.open(options, origin, logView, terms, currency, settlement.payouts());
    if (chain.dev() != null) {
      open.add(chain.dev());
    }
    BlobStore blobs =
        opened(BlobStore.open(data.resolve("blobs"), BlobSettings.from(configuration)));
    var gatekeeper = new Gatekeeper(blobs, new ModelCourt(chain.client()));
    var checks = opened(new StoredChecks(blobs, Clock.systemUTC(), new ModelCourt(chain.client())));
    var court =
        new ResultStatement.Court(chain.contracts().chainId(), chain.contracts().registry());

    GridWatch grid = opened(grid());
    var promises = VoucherSettings.from(configuration, chain.dev() != null);
    var domain = new EscrowDomain(chain.contracts().chainId(), chain.contracts().escrow());
    var keys = SessionKeys.open(data.resolve("keys"));
    var witnesses = opened(new HttpWitnesses(options.witnesses(), logView, blocking));
    ActorSystem<SpawnProtocol.Command> system =
        MemberSystem.start(data, options.host(), options.clusterPort(), options.seeds());
    open.add(() -> stop(system));
    byte[] epochSecret = secret(options.data().resolve("keys/epoch-secret"));
    Member member =
        Member.start(
                system,
                new MemberSetup(
                    origin,
                    logKey,
                    EpochSecret.of(epochSecret),
                    logView,
                    views,
                    new ChallengeTasks(blobs, gatekeeper),
                    blobs::has,
                    NODE_GRACE,
                    new MemberSetup.ChainSetup(
                        new EvmChain(chain.hands(), chain.movements()),
                        settlement.outbox(),
                        chain.relayer().address().value(),
                        chain.contracts().fromBlock(),
                        CHAIN_POLL,
                        settlement.interval(),
                        settlement.payoutInterval(),
                        witnesses,
                        promises.rules(domain)),
                    blocking,
                    Clock.systemUTC(),
                    checks,
                    new Surroundings(grid, options.locality() ? new KnownSizes(blobs) : _ -> 0),
                    CapacitySettings.from(configuration, epochSecret),
                    new EvidenceFolder(EvidenceFolder.below(data), blocking)))
            .toCompletableFuture()
            .join();
    var governance = new GovernanceAnswers(member);
    governance.adopt(new FileRules(data.resolve("member/governance.json")));
    var board =
        opened(
            new BoardFollower(
                new Board(chain.client(), chain.contracts()),
                new Governor(chain.client(), chain.contracts()),
                member.rules(),
                governance::adoptVoted,
                new Draining(member)::under,
                data.resolve("member/rules"),
                blobs));
    board.start();
    openPools(member);
    var desk = new VoucherDesk(member, keys, domain, promises.marginSeconds(), Clock.systemUTC());
    var collector =
        new VoucherCollector(
            member,
            desk,
            keys,
            new VoucherContract(chain.client(), chain.contracts().escrow()),
            promises.settleInterval(),
            Clock.systemUTC());
    collector.start(timer, blocking);
    var receipts = new ReceiptAnswers(member.views().jobs(), logView, chain.contracts(), witnesses);
    serve(
        member,
        chain,
        settlement,
        desk,
        board,
        blobs,
        gatekeeper,
        receipts,
        origin,
        logKey,
        court,
        blocking,
        timer);
  }

  private void serve(
      Member member,
      ChainLink chain,
      SettlementSettings settlement,
      VoucherDesk desk,
      BoardFollower board,
      BlobStore blobs,
      Gatekeeper gatekeeper,
      ReceiptAnswers receipts,
      String origin,
      Ed25519Key logKey,
      ResultStatement.Court court,
      ExecutorService blocking,
      ScheduledExecutorService timer)
      throws IOException {
    Path data = options.data();
    KeyAnswers keys =
        KeyAnswers.start(member.system(), Clock.systemUTC()).toCompletableFuture().join();
    String self = Cluster.get(member.system()).selfMember().address().hostPort();
    new KeyFiles(data.resolve("keys"), self).move(keys);
    var tokens = new Tokens(keys, self);
    var nodeTokens = NodeTokens.open(data.resolve("keys/blob-tokens"));
    var authority = GatewayAuthority.open(data.resolve("keys"));
    var feed = new EventFeed(System.currentTimeMillis());
    var tenants = Tenants.open(data.resolve("member/tenants"), chain.movements()::know);
    tenants.add(DEVELOPMENT_TENANT);
    var address = new Addresses();
    var pools = new PoolAnswers(member);
    var api =
        new ActorMemberApi(
            member,
            new JobAnswers(member, gatekeeper, receipts, desk),
            new NodeAnswers(
                member,
                pools,
                authority,
                address::gateway,
                node -> EvidenceFolder.against(EvidenceFolder.below(data), node),
                new NodeCases(chain.client(), chain.contracts(), blocking)::of,
                Clock.systemUTC()),
            pools,
            new GovernanceAnswers(member, board::known),
            receipts,
            new LedgerAnswers(
                member, chain.contracts(), chain.relayer(), tenants, settlement, blocking),
            new RejectedEpoch(
                member, new EpochsOnChain(chain.client(), chain.contracts()), blocking),
            desk,
            new Version(
                Release.name(),
                Version.API,
                System.getProperty("java.version"),
                chain.contracts().chainId(),
                chain.contracts().byName(),
                origin,
                LogKey.of(origin, logKey.publicKey()).toString()),
            () -> ReadinessChecks.of(member.views().areFollowing(), blobs.hasRoom()));
    var models = new ModelAnswers(member, blobs, Clock.systemUTC());
    var trainings =
        TuningEntity.start(
            member.system(),
            EpochSecret.of(secret(data.resolve("keys/epoch-secret"))),
            new TuningLabour(member, gatekeeper, desk, blobs, models, blocking),
            Clock.systemUTC());
    HttpServer http =
        HttpServer.start(
                member.system(),
                settings(HttpSettings.from(member.system().settings().config())),
                new HttpServer.Parts(
                    api,
                    models,
                    new TuningAnswers(member, trainings, blobs, blocking),
                    blobs,
                    tokens,
                    nodeTokens,
                    feed,
                    new FileAnswers(member)))
            .toCompletableFuture()
            .join();
    open.add(() -> http.stop().toCompletableFuture().get(10, TimeUnit.SECONDS));
    url = URI.create("http://" + options.host() + ":" + http.address().getPort());
    NodeGateway gateway =
        opened(
            NodeGateway.start(
                gatewaySettings(),
                authority,
                new GatewayDirectory(
                    member, blobs, nodeTokens, () -> court, () -> url + "/api/v1/blobs")));
    address.gateway = options.host() + ":" + gateway.port();
    new Upkeep(member, timer)
        .start(feed, receipts, chain, new SpendingWatch(member, keys, Clock.systemUTC()), blocking);
    announce(tokens, chain);
    // The first expression of a policy would otherwise wait a second for its classes.
    blocking.execute(Requirement::warmUp);
  }

  /** Where this member can be reached, once it can. */
  private static final class Addresses {
    volatile String gateway = "";

    String gateway() {
      return gateway;
    }
  }

  private HttpSettings settings(HttpSettings from) {
    return new HttpSettings(
        options.host(),
        options.httpPort(),
        from.requestTimeout(),
        from.bodyTimeout(),
        from.uploadTimeout(),
        from.idleTimeout(),
        from.connectionsMax(),
        from.requestsMax(),
        from.uploadsMax(),
        from.waitersMax(),
        from.eventClientsMax());
  }

  private GatewaySettings gatewaySettings() {
    var loopback = GatewaySettings.loopback(options.gatewayPort());
    return new GatewaySettings(
        options.host(),
        options.gatewayPort(),
        loopback.heartbeat(),
        loopback.grace(),
        loopback.sessionsMax(),
        loopback.outboundFramesMax(),
        loopback.outboundBytesMax());
  }

  private GridWatch grid() throws IOException {
    MemberOptions.Grid from = options.grid();
    URI service = from.service();
    return GridWatch.start(
        service == null
            ? null
            : new HttpGrid(service, from.token(), GRID_TIMEOUT, Clock.systemUTC()),
        from.file(),
        GRID_LOOK,
        Clock.systemUTC());
  }

  private void openPools(Member member) {
    var ask = new Ask(member.system());
    for (String name : options.pools()) {
      PoolId id = PoolId.of(MemberOptions.OPERATOR, name);
      ask.<PoolMessage, PoolView>of(
              member.pool(id),
              replyTo ->
                  new PoolMessage.Open(
                      new Pool(id, name, MemberOptions.OPERATOR, PoolTerms.DEFAULT), replyTo))
          .toCompletableFuture()
          .join();
    }
  }

  private void announce(Tokens tokens, ChainLink chain) throws IOException {
    Path token = options.data().resolve("keys/development-token");
    if (!Files.exists(token)) {
      String secret = new DevelopmentToken(tokens).issue(DEVELOPMENT_TENANT);
      PrivateFile.write(token, (secret + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    new MemberFile(
            url,
            "keys/development-token",
            DEVELOPMENT_TENANT,
            chain.client().rpc().uri(),
            chain.contracts().anchorLog())
        .write(options.data());
    open.add(() -> MemberFile.delete(options.data()));
  }

  @Override
  public void close() {
    for (AutoCloseable part : open.reversed()) {
      try {
        part.close();
      } catch (Exception failure) {
        LOG.warn("while stopping: {}", failure.toString());
      }
    }
    open.clear();
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.add(part);
    return part;
  }

  private static void stop(ActorSystem<?> system) throws Exception {
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  private static byte[] secret(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] secret = new byte[EpochSecret.BYTES];
      new SecureRandom().nextBytes(secret);
      PrivateFile.write(file, secret);
    }
    return Files.readAllBytes(file);
  }
}
