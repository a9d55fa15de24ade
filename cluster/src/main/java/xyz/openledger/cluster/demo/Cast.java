package xyz.openledger.cluster.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import xyz.openledger.nodes.agent.AgentMain;

/**
 * Who plays: six machines of six owners in two pools. They differ in real limits (slots, CPU quota,
 * memory) and in price; region, carbon and watts are declared, as a contributor would declare them.
 */
enum Cast implements Machine {
  ADA("hearth", 1_400_000, 2, 100, "256Mi", "eu-north", 30, Role.HONEST),
  BOB("hearth", 900_000, 1, 60, "128Mi", "eu-west", 220, Role.HONEST),
  EVE("hearth", 700_000, 1, 100, "128Mi", "us-east", 410, Role.CHEAT),
  FAY("hearth", 800_000, 1, 25, "128Mi", "eu-west", 240, Role.KILLED),
  CYD("meadow", 1_200_000, 1, 80, "128Mi", "eu-north", 25, Role.HONEST),
  DAN("meadow", 1_100_000, 2, 80, "128Mi", "eu-north", 40, Role.HONEST);

  private static final int WATTS_PER_SLOT = 15;

  /** The pools of the network. */
  static final List<String> POOLS = List.of("hearth", "meadow");

  final String pool;
  final long priceNanoOpenPerGigafuel;
  final int slots;
  final int cpuQuotaPercent;
  final String memoryPerSlot;
  final String region;
  final int carbonGramsPerKwh;
  final Role role;

  /** What part it plays. */
  enum Role {
    HONEST,
    CHEAT,
    KILLED
  }

  Cast(
      String pool,
      long priceNanoOpenPerGigafuel,
      int slots,
      int cpuQuotaPercent,
      String memoryPerSlot,
      String region,
      int carbonGramsPerKwh,
      Role role) {
    this.pool = pool;
    this.priceNanoOpenPerGigafuel = priceNanoOpenPerGigafuel;
    this.slots = slots;
    this.cpuQuotaPercent = cpuQuotaPercent;
    this.memoryPerSlot = memoryPerSlot;
    this.region = region;
    this.carbonGramsPerKwh = carbonGramsPerKwh;
    this.role = role;
  }

  @Override
  public String machine() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String pool() {
    return pool;
  }

  @Override
  public Class<?> program() {
    return role == Role.CHEAT ? CheatingAgent.class : AgentMain.class;
  }

  @Override
  public List<String> join(String claim, String data) {
    List<String> terms = terms(claim, data);
    return this == DAN
        ? Stream.concat(terms.stream(), Stream.of("--tee-simulated")).toList()
        : terms;
  }

  private List<String> terms(String claim, String data) {
    return List.of(
        "join",
        claim,
        "--name",
        machine(),
        "--data",
        data,
        "--slots",
        Integer.toString(slots),
        "--price",
        Long.toString(priceNanoOpenPerGigafuel),
        "--cpu-quota",
        Integer.toString(cpuQuotaPercent),
        "--memory-per-slot",
        memoryPerSlot,
        "--region",
        region,
        "--carbon",
        Integer.toString(carbonGramsPerKwh),
        "--watts",
        Integer.toString(slots * WATTS_PER_SLOT));
  }
}
