package xyz.openledger.pools.expression;

import java.util.List;
import java.util.SplittableRandom;
import xyz.openledger.pools.requirement.Quantity;

/** Expressions drawn from a seed: some that are lowered, some that are not, some that fail. */
public final class Drawn {
  private static final List<String> TEXTS =
      List.of("region", "owner", "architecture", "operatingSystem", "sandbox");
  private static final List<String> VALUES =
      List.of("eu", "us", "ap", "amd64", "aarch64", "Linux", "bubblewrap", "gold", "silver");
  private static final List<String> COMPARISONS = List.of("<", "<=", ">", ">=", "==", "!=");
  private static final List<String> KEYS = List.of("tier", "rack");

  private final SplittableRandom random;

  public Drawn(SplittableRandom random) {
    this.random = random;
  }

  String condition(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0 -> quantity();
      case 1 -> text();
      case 2 -> label();
      case 3 -> accelerators();
      case 4 -> "!(" + condition(depth - 1) + ")";
      case 5 -> "(" + condition(depth - 1) + " || " + condition(depth - 1) + ")";
      default -> "(" + condition(depth - 1) + " && " + condition(depth - 1) + ")";
    };
  }

  /** Several conditions, joined. */
  public String requirement() {
    var parts = new StringBuilder(condition(2));
    for (int i = random.nextInt(4); i > 0; i--) {
      parts.append(" && ").append(condition(2));
    }
    return parts.toString();
  }

  private String quantity() {
    String field = "node." + one(List.of(Quantity.values())).field();
    String number = number();
    String comparison = one(COMPARISONS);
    return switch (random.nextInt(4)) {
      case 0 -> number + " " + comparison + " " + field;
      case 1 -> field + " * 2 " + comparison + " " + number;
      default -> field + " " + comparison + " " + number;
    };
  }

  private String number() {
    return switch (random.nextInt(8)) {
      case 0 -> "0";
      case 1 -> "-1";
      case 2 -> "9223372036854775807";
      case 3 -> "quantity('" + random.nextInt(1, 300) + "Gi')";
      case 4 -> random.nextInt(1, 9) + " * 16";
      case 5 -> "1 - " + random.nextInt(1, 4);
      case 6 -> Long.toString(random.nextLong(0, 3_000_000));
      default -> Integer.toString(random.nextInt(0, 500));
    };
  }

  private String text() {
    String field = "node." + one(TEXTS);
    return switch (random.nextInt(5)) {
      case 0 -> field + " == " + value();
      case 1 -> value() + " != " + field;
      case 2 -> field + ".startsWith(" + value() + ")";
      case 3 -> "(" + field + " == " + value() + " || " + field + " == " + value() + ")";
      default -> field + " in " + values();
    };
  }

  private String label() {
    String key = one(KEYS);
    String label = random.nextBoolean() ? "node.labels." + key : "node.labels['" + key + "']";
    return switch (random.nextInt(6)) {
      case 0 -> label + " == " + value();
      case 1 -> label + " != " + value();
      case 2 -> label + " in " + values();
      case 3 -> "has(node.labels." + key + ")";
      case 4 -> "(" + label + " == " + value() + " || " + label + " == " + value() + ")";
      default -> "'" + key + "' in node.labels";
    };
  }

  private String accelerators() {
    return switch (random.nextInt(4)) {
      case 0 -> "'h100' in node.accelerators";
      case 1 -> "node.accelerators.exists(a, a.startsWith('h'))";
      case 2 -> "size(node.accelerators) > " + random.nextInt(3);
      default -> "node.accelerators.all(a, a in ['a100'])";
    };
  }

  private String values() {
    return switch (random.nextInt(4)) {
      case 0 -> "[]";
      case 1 -> "[" + value() + "]";
      default -> "[" + value() + ", " + value() + "]";
    };
  }

  private String value() {
    return "'" + one(VALUES) + "'";
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
