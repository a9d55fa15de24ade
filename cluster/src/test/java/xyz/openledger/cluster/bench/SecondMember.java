package xyz.openledger.cluster.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.member.MemberSetup;
import xyz.openledger.actors.view.ViewStore;
import xyz.openledger.chainanchor.log.LmdbLogView;
import xyz.openledger.cluster.member.MemberSystem;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.protocol.keys.Ed25519Key;

/** A member that joins another one, as a process of its own; ends when its standard input does. */
final class SecondMember {
  private SecondMember() {}

  /** Takes a data directory and the address of a member. */
  public static void main(String[] arguments) throws Exception {
    Path data = Files.createDirectories(Path.of(arguments[0]));
    var log = LmdbLogView.open(data.resolve("member/log"), 1L << 30);
    var system = MemberSystem.start(data, "127.0.0.1", 0, List.of(arguments[1]));
    Member.start(
            system,
            new MemberSetup(
                "openledger.xyz/log/second",
                Ed25519Key.generate(),
                EpochSecret.of(new byte[EpochSecret.BYTES]),
                log,
                new ViewStore(data.resolve("member/views")),
                _ -> CoreWork.challenge(),
                _ -> false,
                Duration.ofSeconds(15),
                null,
                Runnable::run,
                Clock.systemUTC()))
        .toCompletableFuture()
        .join();
    System.out.println("up");
    while (System.in.read() >= 0) {
      // Nothing is said to us; the end is.
    }
    System.exit(0);
  }
}
