package xyz.openledger.cluster.demo;

import java.util.List;
import java.util.Locale;
import xyz.openledger.nodes.agent.AgentMain;

/**
 * Four machines that serve models, of four owners: zed computes with less than it is paid for, and
 * kit trains in fewer steps.
 */
enum Library implements Machine {
  IVY(1_000_000, AgentMain.class),
  MAX(1_100_000, AgentMain.class),
  ZED(800_000, RoundingAgent.class),
  KIT(900_000, SkippingAgent.class);

  static final String POOL = "library";

  private static final int SLOTS = 8;

  private final long priceNanoOpenPerGigafuel;
  private final Class<?> program;

  Library(long priceNanoOpenPerGigafuel, Class<?> program) {
    this.priceNanoOpenPerGigafuel = priceNanoOpenPerGigafuel;
    this.program = program;
  }

  @Override
  public String machine() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String pool() {
    return POOL;
  }

  @Override
  public Class<?> program() {
    return program;
  }

  @Override
  public List<String> join(String claim, String data) {
    return List.of(
        "join",
        claim,
        "--name",
        machine(),
        "--data",
        data,
        "--slots",
        Integer.toString(SLOTS),
        "--workers",
        "1",
        "--price",
        Long.toString(priceNanoOpenPerGigafuel),
        "--memory-per-slot",
        "64Mi",
        "--region",
        "eu-north");
  }
}
