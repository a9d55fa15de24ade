package xyz.openledger.cluster.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.member.MemberOptions;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.cluster.witness.WitnessPolicy;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ProblemException;

@Command(
    name = "member",
    description = "Runs a member: HTTP, node gateway, journal, and the way to the chain.",
    footer = "%nExample: openledger member --rpc http://127.0.0.1:8545 --pool hearth")
final class MemberCommand implements Callable<Integer> {
  @Mixin private final Member member;

  @Option(names = "--host", description = "to listen on (default 127.0.0.1)")
  String host = "127.0.0.1";

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      description = "HTTP; gateway and cluster follow, chain is +45 (default 7400; 0: any)")
  int portBase = 7_400;

  @Option(
      names = "--chain-port",
      paramLabel = "PORT",
      description = "of the development chain (default port base + 45)")
  @Nullable Integer chainPort;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "an EVM chain (default: a development chain of our own)")
  @Nullable URI rpc;

  @Option(names = "--pool", paramLabel = "NAME", description = "a pool to open; repeatable")
  List<String> pools = List.of("hearth");

  @Option(
      names = "--seed",
      paramLabel = "ADDRESS",
      description = "a member to join, pekko://openledger@host:port; repeatable")
  List<String> seeds = List.of();

  @Option(
      names = "--grid-file",
      paramLabel = "FILE",
      description = "hourly grid intensities, CSV or JSON; read again when it changes")
  @Nullable Path gridFile;

  @Option(
      names = "--grid-url",
      paramLabel = "URL",
      description =
          "a service that knows grid intensities; OPENLEDGER_GRID_TOKEN is its auth-token")
  @Nullable URI gridUrl;

  @Option(
      names = "--no-locality",
      description = "place tasks without regard to what nodes hold already, to compare")
  boolean noLocality;

  @Option(
      names = "--witnesses",
      paramLabel = "FILE",
      description =
          "lines 'witness KEY URL' and 'quorum K': who cosign before anything is anchored")
  @Nullable Path witnesses;

  @Option(
      names = "--signer",
      paramLabel = "URL",
      description = "a program that keeps the anchoring key and answers eth_signTransaction")
  @Nullable URI signer;

  @Option(
      names = "--signer-account",
      paramLabel = "0x…",
      description = "the account that --signer signs for")
  @Nullable String signerAccount;

  MemberCommand(Shell shell) {
    member = new Member(shell);
  }

  @Override
  public Integer call() throws Exception {
    Path home = member.shell().projectHome();
    var options =
        new MemberOptions(
            member.dataDirectory().toAbsolutePath(),
            home == null ? member.shell().workingDirectory() : home,
            host,
            portBase,
            portBase == 0 ? 0 : portBase + 1,
            portBase == 0 ? 0 : portBase + 2,
            rpc,
            chainPort != null ? chainPort : portBase + 45,
            pools,
            seeds,
            new MemberOptions.Grid(
                gridFile == null ? null : member.shell().resolve(gridFile),
                gridUrl,
                member.shell().variable("OPENLEDGER_GRID_TOKEN")),
            !noLocality,
            witnesses == null
                ? WitnessPolicy.NONE
                : WitnessPolicy.read(member.shell().resolve(witnesses)),
            signer());
    MemberProcess process = MemberProcess.start(options);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  process.close();
                  stopped.countDown();
                },
                "member-shutdown"));
    member.shell().note("member up at " + process.url() + ", data in " + options.data());
    stopped.await();
    return ExitCode.OK;
  }

  private MemberOptions.@Nullable Signer signer() {
    if (signer == null && signerAccount == null) {
      return null;
    }
    if (signer == null || signerAccount == null) {
      throw CommandFailure.usage(
          "a signer is named by where it answers and by its account",
          signer == null ? "--signer" : "--signer-account",
          "");
    }
    try {
      return new MemberOptions.Signer(signer, new Address(signerAccount));
    } catch (ProblemException malformed) {
      throw CommandFailure.usage(
          signerAccount + " is no account: " + malformed.getMessage(), "--signer-account", "");
    }
  }
}
