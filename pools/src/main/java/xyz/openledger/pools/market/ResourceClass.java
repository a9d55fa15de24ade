package xyz.openledger.pools.market;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.session.ClassPrices;

/**
 * What is traded as one good: a unit of one machine is as good as of another. A unit is one
 * gigafuel, and what a unit of fuel stands for is another thing for each kind of work. So a class
 * is a kind of work; what a chip has to vouch for is a class of its own, whatever its kind, since
 * few machines have one.
 */
public record ResourceClass(String name) implements Comparable<ResourceClass> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** WebAssembly work, by the gigafuel. Its price is that of the machine. */
  public static final ResourceClass WASM = new ResourceClass("wasm");

  /** Work that a chip vouches for: confidential computing. */
  public static final ResourceClass TEE = new ResourceClass("tee");

  /** All there are. */
  public static final List<ResourceClass> ALL =
      List.of(
          WASM,
          new ResourceClass("matmul"),
          new ResourceClass("private-model"),
          new ResourceClass("inference"),
          new ResourceClass("finetune"),
          new ResourceClass("onnx"),
          TEE);

  private static final Map<String, ResourceClass> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(ResourceClass::name, each -> each));

  /** Checks the form. */
  public ResourceClass {
    if (!FORM.matcher(name).matches()) {
      throw Check.refusal(
          "resourceClass", "must be 1 to 32 of a-z, 0-9 and -, is " + Check.text("", name, 80));
    }
  }

  /** The class of that name. */
  public static ResourceClass named(String name) {
    ResourceClass known = BY_NAME.get(name);
    if (known == null) {
      throw Check.refusal(
          "class",
          "must be one of %s, is '%s'"
              .formatted(
                  String.join(", ", ALL.stream().map(ResourceClass::name).toList()),
                  Check.text("class", name, 80)));
    }
    return known;
  }

  /** What a task needs, by its kind of work and how it is to be verified. */
  public static ResourceClass of(String kind, Policy.Method method) {
    return method == Policy.Method.TEE ? TEE : BY_NAME.getOrDefault(kind, WASM);
  }

  /** What a task needs. */
  public static ResourceClass of(Request request) {
    return of(request.work().kind(), request.policy().verification().method());
  }

  /** Whether a node names a price for it. */
  public boolean isPricedBy(Node node) {
    return ClassPrices.of(node.traits().labels(), name) != null;
  }

  /** What a node asks for it: the price that it names, else its only one. */
  public long priceOf(Node node) {
    Long named = ClassPrices.of(node.traits().labels(), name);
    return named == null ? node.priceNanoOpenPerGigafuel() : named;
  }

  /** The node as work of this class sees it. */
  public Node seen(Node node) {
    long price = priceOf(node);
    return price == node.priceNanoOpenPerGigafuel() ? node : node.asking(price);
  }

  /**
   * The least that a node takes for it on the spot: its reservation price, in the proportion of its
   * prices, rounded up.
   *
   * @param node at its own price
   */
  public long reservationOf(Node node, long reservationNanoOpen) {
    long own = node.priceNanoOpenPerGigafuel();
    long price = priceOf(node);
    if (own == price || own == 0) {
      return own == 0 ? price : reservationNanoOpen;
    }
    BigInteger[] parts =
        BigInteger.valueOf(reservationNanoOpen)
            .multiply(BigInteger.valueOf(price))
            .divideAndRemainder(BigInteger.valueOf(own));
    return parts[0].longValueExact() + parts[1].signum();
  }

  /** The least that a node asks for any work. */
  public static long least(Node node) {
    long least = node.priceNanoOpenPerGigafuel();
    for (long price : ClassPrices.of(node.traits().labels()).values()) {
      least = Math.min(least, price);
    }
    return least;
  }

  @Override
  public int compareTo(ResourceClass other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
