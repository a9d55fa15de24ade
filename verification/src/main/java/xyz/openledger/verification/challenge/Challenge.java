package xyz.openledger.verification.challenge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import xyz.openledger.protocol.Check;

/**
 * Rounds of mixing, chained through an array: cheap to make another of, and no shorter way to the
 * answer than doing it. {@code challenge.c} beside the module does the same in WebAssembly; this is
 * its reference twin.
 *
 * @param seed where it starts; zero or more
 * @param rounds how long it takes; each burns {@value #FUEL_PER_ROUND} units of fuel
 */
public record Challenge(long seed, int rounds) {
  /** The most rounds. */
  public static final int ROUNDS_MAX = 100_000_000;

  /** What the gate charges for a round. */
  public static final int FUEL_PER_ROUND = 43;

  /** What everything around the rounds burns at the most: reading arguments, writing the end. */
  public static final long FUEL_AROUND_MAX = 1_000_000;

  private static final int CELLS = 4_096;

  /** Checks the ranges. */
  public Challenge {
    Check.range("seed", seed, 0, Long.MAX_VALUE);
    Check.range("rounds", rounds, 1, ROUNDS_MAX);
  }

  /** One that burns so much, as far as {@link #ROUNDS_MAX} goes; any seed will do. */
  public static Challenge burning(long seed, long fuel) {
    return new Challenge(seed & Long.MAX_VALUE, Math.clamp(fuel / FUEL_PER_ROUND, 1, ROUNDS_MAX));
  }

  /** What its rounds burn. */
  public long fuel() {
    return (long) rounds * FUEL_PER_ROUND;
  }

  /** The program's arguments. */
  public List<String> arguments() {
    return List.of(Long.toString(seed), Integer.toString(rounds));
  }

  /** What an honest node writes. */
  public byte[] output() {
    var cells = new long[CELLS];
    long state = seed;
    for (int i = 0; i < rounds; i++) {
      int cell = (int) (state & (CELLS - 1));
      state = mix(state + cells[cell] + i);
      cells[cell] = state;
    }
    return "%016x".formatted(state).getBytes(StandardCharsets.US_ASCII);
  }

  /** The module, before the gate. */
  public static byte[] module() {
    try (var module = Challenge.class.getResourceAsStream("challenge.wasm")) {
      if (module == null) {
        throw new IllegalStateException("challenge.wasm is not beside its class");
      }
      return module.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** David Stafford's variant 13 of the MurmurHash3 finaliser ("Better Bit Mixing", 2011). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
