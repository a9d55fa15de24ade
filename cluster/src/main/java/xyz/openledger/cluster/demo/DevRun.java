package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import xyz.openledger.cluster.cli.CommandFailure;
import xyz.openledger.cluster.member.MemberProcess;

/** The demo's network, left up: for trying things, and for those who write against it. */
public final class DevRun {
  private static final Machine ADA = new Selling(Cast.ADA);
  private static final Machine BOB = new Selling(Cast.BOB);

  /** The machines of a development network: nobody cheats and nobody dies; all sell. */
  static final List<Machine> MACHINES =
      List.of(ADA, BOB, new Selling(Cast.FAY), new Selling(Cast.CYD), new Selling(Cast.DAN));

  private static final long DEPOSIT_NANO_OPEN = 1_000_000_000_000L;

  private DevRun() {}

  /**
   * Starts the network of {@code data}, or a new one, tells how to use it, and waits until it is
   * told to stop. Fails if the member ends before that: without it there is no network.
   */
  public static void run(PrintStream err, Path data, int portBase, boolean fresh)
      throws IOException, InterruptedException {
    var folder = NetworkFolder.take(data);
    Programs.requireFree(portBase);
    if (fresh) {
      folder.clear();
    }
    var network = new LocalNetwork(data, portBase);
    var stopping = new AtomicBoolean();
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  network.close();
                  stopped.countDown();
                },
                "dev-stop"));
    err.println(
        "starting a member, its development chain and a development witness (run by the same"
            + " operator) …");
    network.startMember(Cast.POOLS);
    err.println("starting " + MACHINES.size() + " machines …");
    for (Machine machine : MACHINES) {
      network.startMachine(machine);
    }
    var balance = network.client().accounts().show(MemberProcess.DEVELOPMENT_TENANT);
    if (balance.availableNanoOpen() + balance.heldNanoOpen() == 0) {
      network.deposit(DEPOSIT_NANO_OPEN);
    }
    network.awaitReady(MACHINES.size());
    policies(network);
    tell(err, network);
    var _ = network.memberHandle().orElseThrow().onExit().thenRun(stopped::countDown);
    stopped.await();
    folder.close();
    if (!stopping.get()) {
      throw CommandFailure.failed(network.memberStopped(), "openledger dev");
    }
  }

  /** The examples of policies, with owners of this network; answers where they are. */
  static Path policies(LocalNetwork network) throws IOException {
    return Gallery.write(network, ADA, BOB);
  }

  /** What a second terminal must be told if the data is not where it looks by itself. */
  private static String elsewhere(Path data) {
    return data.toAbsolutePath().equals(Demo.home().resolve(".openledger").toAbsolutePath())
        ? ""
        : "  export OPENLEDGER_DATA_DIR=" + data.toAbsolutePath() + "\n";
  }

  private static void tell(PrintStream err, LocalNetwork network) throws IOException {
    String token = Files.readString(network.data().resolve("keys/development-token")).strip();
    err.printf(
        """

        The network is up. Everything in it is for development: the chain, the accounts, the stakes.

          status page   %s/#token=%s&tenant=development
          data          %s   (survives kill -9 and restart; --fresh starts anew)
          policies      %s   (the examples, with owners of this network)

        Try, in another terminal:

        %s  ./openledger job submit examples/word-statistics/job.json --wait
          ./openledger node list
          ./openledger account show
          ./openledger gov show                 (votes are taken for seconds: development parameters)

        Ctrl-C stops it.
        """,
        network.client().url(),
        token,
        network.data(),
        network.data().resolve("policies"),
        elsewhere(network.data()));
  }
}
