package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ProblemException;

@Command(
    name = "stake",
    description = "Shows what is put up for a node on the chain, and gets it back.",
    footer = {
      "",
      "First let it leave, with openledger node leave on the machine: members give work to a node"
          + " whatever its stake.",
      "",
      "Example: openledger node stake show node-hpbjpsbpr7e7pa2lxdrl77o2we --rpc"
          + " http://127.0.0.1:7445 --contract 0x00000000000000000000000000000000000000c2"
    })
final class NodeStakeCommand {
  private static final String EXAMPLE = "Example: openledger node stake ";
  private static final String WHERE =
      " node-hpbjpsbpr7e7pa2lxdrl77o2we --rpc http://127.0.0.1:7445 --contract"
          + " 0x00000000000000000000000000000000000000c2";

  /** Which node, in which registry. */
  static final class Where {
    @Option(
        names = "--rpc",
        required = true,
        paramLabel = "URL",
        description = "a node of the chain")
    URI rpc = URI.create("");

    @Option(
        names = "--contract",
        required = true,
        paramLabel = "ADDRESS",
        description = "the NodeRegistry contract; openledger version names it")
    String contract = "";

    @Parameters(paramLabel = "NODE", description = "its whole id")
    String node = "";

    StakeChain chain() {
      return new StakeChain(rpc, contract);
    }

    NodeId node() {
      try {
        return NodeId.parse(node);
      } catch (ProblemException malformed) {
        throw CommandFailure.usage(
            node + " is no whole id of a node", "NODE", "openledger node list");
      }
    }
  }

  @Command(
      name = "show",
      description = "Shows the stake, who put it up, and since when it is free.",
      footer = {"", EXAMPLE + "show" + WHERE})
  int show(@Mixin Output print, @Mixin Where where) {
    return print(print, where.chain().show(where.node()));
  }

  @Command(
      name = "exit",
      description = "Ends the node's service on the chain, as its owner or its staker.",
      footer = {"", EXAMPLE + "exit" + WHERE + " --key owner.pem"})
  int exit(
      @Mixin Output print,
      @Mixin Where where,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "FILE",
              description = "the key of its owner, or of whoever put the stake up")
          Path key)
      throws IOException {
    return print(print, where.chain().exit(print.shell().resolve(key), where.node()));
  }

  @Command(
      name = "withdraw",
      description = "Sends a stake that is free back to whoever put it up; anybody may.",
      footer = {"", EXAMPLE + "withdraw" + WHERE + " --key anybody.pem"})
  int withdraw(
      @Mixin Output print,
      @Mixin Where where,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "FILE",
              description = "any key with coins for gas")
          Path key)
      throws IOException {
    return print(print, where.chain().withdraw(print.shell().resolve(key), where.node()));
  }

  private static int print(Output output, StakeChain.Staked stake) {
    output.print(
        stake,
        () ->
            Table.fields(
                List.of(
                    field("node", stake.node() + ", " + stake.status()),
                    field("stake", Money.text(stake.stakeNanoOpen())),
                    field("put up by", stake.staker()),
                    field("owner", stake.owner()),
                    field(
                        "bound until",
                        stake.withdrawableAtSeconds() == 0
                            ? "it leaves, and the unbonding time after that"
                            : Text.moment(stake.withdrawableAtSeconds() * 1_000)),
                    field(
                        "transaction",
                        stake.transaction().isEmpty() ? "-" : stake.transaction()))));
    return ExitCode.OK;
  }
}
