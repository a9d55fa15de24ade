package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.Claim;
import xyz.openledger.protocol.api.ClaimRequest;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.api.NodeSummary;

@Command(
    name = "node",
    description = "Shows the machines of the network, and lets new ones in.",
    subcommands = NodeStakeCommand.class,
    footer = {
      "",
      "On the machine that joins: openledger node join|run|leave|status|unit",
      "",
      "Example: openledger node list"
    })
final class NodeCommand {
  private static final int MINUTES_MAX = ClaimRequest.TTL_SECONDS_MAX / 60;

  @Command(
      name = "list",
      description = "Lists nodes.",
      footer = "%nExample: openledger node list --pool pool-m3hnvd5q")
  int list(
      @Mixin Member member,
      @Option(names = "--pool", paramLabel = "POOL", description = "only those of this pool")
          @Nullable String pool) {
    List<NodeSummary> nodes = member.client().network().nodes(pool).stream().toList();
    member.print(nodes, () -> table(nodes));
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      description = "Shows a node with its hardware; region and carbon are declared.",
      footer = "%nExample: openledger node show node-k7pw3zmx")
  int show(
      @Mixin Member member,
      @Parameters(paramLabel = "NODE", description = "id, prefix or name") String node) {
    var client = member.client();
    NodeDetail detail = client.network().node(NodeNames.id(client, node));
    member.print(detail, () -> Table.fields(fields(detail)));
    return ExitCode.OK;
  }

  @Command(
      name = "drain",
      description = "Lets a node finish what it holds and gives it nothing more.",
      footer = "%nExample: openledger node drain node-k7pw3zmx")
  int drain(
      @Mixin Member member,
      @Parameters(paramLabel = "NODE", description = "id, prefix or name") String node) {
    var client = member.client();
    NodeDetail detail = client.network().drain(NodeNames.id(client, node));
    member.print(detail, () -> detail.node().id() + " is " + word(detail.node()) + "\n");
    return ExitCode.OK;
  }

  @Command(
      name = "claim",
      description = "Makes a single-use code with which one machine joins a pool.",
      footer = {
        "",
        "Example: openledger node claim hearth --owner"
            + " 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
      })
  int claim(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = "id, prefix or name") String pool,
      @Option(
              names = "--owner",
              required = true,
              paramLabel = "ADDRESS",
              description = "whom the machine's earnings go to, 0x…")
          String owner,
      @Option(
              names = "--minutes",
              defaultValue = "15",
              paramLabel = "N",
              description = "how long the code is good (default and most: 15)")
          int minutes) {
    if (minutes < 1 || minutes > MINUTES_MAX) {
      throw CommandFailure.usage(
          "a code is good for 1 to %d minutes, not %d".formatted(MINUTES_MAX, minutes),
          "--minutes",
          "openledger node claim --help");
    }
    var network = member.client().network();
    var request =
        new ClaimRequest(PoolCommand.id(network, pool), Address.parse(owner), minutes * 60);
    Claim claim = network.claim(request);
    member.print(
        claim,
        () ->
            "%s%n%nGood once, until %s. On the machine that joins:%n%n  ./openledger node join %s%n"
                .formatted(claim.code(), Text.moment(claim.expiresAtMillis()), claim.code()));
    return ExitCode.OK;
  }

  private static String table(List<NodeSummary> nodes) {
    var table =
        Table.of(
            "ID",
            "NAME",
            "STANDING",
            "SLOTS",
            "REPUTATION",
            "PRICE/GFUEL",
            "REGION",
            "G CO2/KWH",
            "SANDBOX");
    for (NodeSummary node : nodes) {
      table.row(
          Text.shortId(node.id().value()),
          node.name(),
          word(node),
          node.leased() + "/" + node.slots(),
          node.reputation(),
          Money.text(node.priceNanoOpenPerGigafuel()),
          node.region().isEmpty() ? "-" : node.region(),
          Text.carbon(node.carbonGramsPerKwh()),
          node.sandbox());
    }
    return table.text();
  }

  private static List<Field> fields(NodeDetail detail) {
    NodeSummary node = detail.node();
    var fields =
        new ArrayList<>(
            List.of(
                field("node", node.id() + " (" + node.name() + ")"),
                field("owner", node.owner()),
                field("pool", node.pool()),
                field("standing", word(node)),
                field("slots", node.leased() + " of " + node.slots() + " leased"),
                field("reputation", node.reputation() + " of 10000"),
                field("price", Money.text(node.priceNanoOpenPerGigafuel()) + " per 10^9 fuel"),
                field("stake", Money.text(node.stakeNanoOpen())),
                field(
                    "speed",
                    Text.count(node.fuelPerCpuSecond()) + " fuel per CPU second, measured"),
                field(
                    "round trip",
                    Text.duration(Duration.ofNanos(node.roundTripMicros() * 1_000L))
                        + ", measured"),
                field("capacity", capacity(detail.downgraded())),
                field("against it", against(detail.against())),
                field("before the court", court(detail.court())),
                field("region", node.region().isEmpty() ? "-" : node.region() + ", declared"),
                field(
                    "carbon",
                    node.carbonGramsPerKwh() == 0
                        ? "undeclared, which counts as the dirtiest there is"
                        : node.carbonGramsPerKwh() + " g CO2e per kWh, declared"),
                field("sandbox", node.sandbox()),
                field("memory", Text.bytes(detail.memoryMaxBytesPerSlot()) + " per slot"),
                field("quiet hours", detail.quietHours().isEmpty() ? "none" : detail.quietHours()),
                field("labels", Text.labels(detail.labels())),
                field("accepts", detail.accept() == null ? "any job" : detail.accept()),
                field("prefers", detail.prefer() == null ? "-" : detail.prefer()),
                field(
                    "registered",
                    detail.registration() == null ? "not yet" : detail.registration())));
    NodeDetail.Hardware hardware = detail.hardware();
    if (hardware != null) {
      fields.add(field("system", hardware.os() + ", " + hardware.architecture()));
      fields.add(field("processor", hardware.cpuModel() + ", " + hardware.cores() + " cores"));
      fields.add(field("main memory", Text.bytes(hardware.memoryBytes())));
      fields.add(field("free disk", Text.bytes(hardware.diskFreeBytes())));
      fields.add(field("accelerators", Text.list(hardware.accelerators())));
      fields.add(field("agent", hardware.agentVersion()));
      fields.add(field("degraded", Text.list(hardware.degraded())));
    }
    return fields;
  }

  /** What stands against it, where it is shown, and what there is to do, on either side. */
  private static String against(@Nullable List<NodeDetail.Against> seen) {
    if (seen == null || seen.isEmpty()) {
      return "nothing that convicts it was seen by this member";
    }
    String what =
        seen.stream()
            .map(
                one ->
                    one.receipt() == null
                        ? one.kind() + " (" + one.file() + ")"
                        : one.kind() + " (receipt of " + one.receipt() + ")")
            .collect(Collectors.joining(", "));
    return what
        + "; anybody may bring it: openledger dispute evidence; its owner may appeal, and"
        + " reputation comes back by accepted work";
  }

  /** Each case, what is at risk in it, and what it waits for. */
  private static String court(NodeDetail.@Nullable Court court) {
    if (court == null) {
      return "not known: the chain does not answer";
    }
    return court.cases().isEmpty()
        ? "nobody brought anything against it"
        : court.cases().stream().map(NodeCommand::sentence).collect(Collectors.joining("; "));
  }

  private static String sentence(NodeDetail.Case brought) {
    String penalty = Money.text(brought.penaltyNanoOpen());
    String bond = Money.text(brought.bondNanoOpen());
    String outcome =
        switch (brought.state()) {
          case OPEN ->
              "open: it may lose %s, its owner may appeal until %s; the accuser risks %s"
                  .formatted(penalty, Text.moment(brought.appealsUntilMillis()), bond);
          case APPEALED ->
              "appealed, and waits for the judge: it may lose %s; the accuser risks %s"
                  .formatted(penalty, bond);
          case EXECUTED -> "executed: it lost up to %s".formatted(penalty);
          case OVERTURNED -> "overturned: its owner got the accuser's bond of %s".formatted(bond);
          case LAPSED -> "lapsed: nobody judged in time, the accuser has its bond again";
        };
    return "case %d, %s".formatted(brought.number(), outcome);
  }

  private static String capacity(NodeDetail.@Nullable Downgraded found) {
    return found == null
        ? "as claimed, as far as challenges go"
        : ("DOWNGRADED since %s: claims %s %s per second, did %s by the last challenges;"
                + " believed again once it does more than half")
            .formatted(
                Text.moment(found.sinceMillis()),
                Text.count(found.claimedPerSecond()),
                found.of().equals("fuel") ? "fuel" : "steps of memory",
                Text.count(found.measuredPerSecond()));
  }

  private static String word(NodeSummary node) {
    String standing = node.standing().name().toLowerCase(Locale.ROOT);
    return node.connected() || standing.equals("left") ? standing : standing + ", away";
  }
}
