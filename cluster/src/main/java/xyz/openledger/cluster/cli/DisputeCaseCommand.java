package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "case",
    description = "Shows, appeals, judges or closes a case before the court of the chain.",
    footer =
        "%nExample: openledger dispute case show 0 --rpc http://127.0.0.1:7445 --contract"
            + " 0x00000000000000000000000000000000000000c2")
final class DisputeCaseCommand {
  private static final String EXAMPLE = "Example: openledger dispute case ";
  private static final String WHERE =
      " 0 --rpc http://127.0.0.1:7445 --contract 0x00000000000000000000000000000000000000c2";

  /** Which case, before which court. */
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
        description = "the DisputeCourt contract")
    String contract = "";

    @Parameters(paramLabel = "N", description = "the case, from 0")
    long number;

    CourtChain chain() {
      return new CourtChain(rpc, contract);
    }
  }

  /** Who pays the gas. */
  static final class Anybody {
    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description = "any key with coins for gas")
    Path key = Path.of("");
  }

  @Command(
      name = "show",
      description = "Shows where a case stands, and what is at risk.",
      footer = {"", EXAMPLE + "show" + WHERE})
  int show(@Mixin Output print, @Mixin Where where) {
    return print(print, where.chain().show(where.number));
  }

  @Command(
      name = "appeal",
      description = "Asks for a judgement, as the owner of the accused node.",
      footer = {"", EXAMPLE + "appeal" + WHERE + " --key owner.pem --reason bad-disk"})
  int appeal(
      @Mixin Output print,
      @Mixin Where where,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "FILE",
              description = "the owner's key")
          Path key,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "why; its SHA-256 stands on the chain, publish the text elsewhere")
          String reason)
      throws IOException {
    return print(print, where.chain().appeal(print.shell().resolve(key), where.number, reason));
  }

  @Command(
      name = "execute",
      description = "Closes a case that nobody appealed in time: the stake is taken.",
      footer = {"", EXAMPLE + "execute" + WHERE + " --key anybody.pem"})
  int execute(@Mixin Output print, @Mixin Where where, @Mixin Anybody anybody) throws IOException {
    return print(print, where.chain().execute(print.shell().resolve(anybody.key), where.number));
  }

  @Command(
      name = "judge",
      description = "Judges an appeal, as the judge whom votes appoint.",
      footer = {"", EXAMPLE + "judge" + WHERE + " --key judge.pem --overturn"})
  int judge(
      @Mixin Output print,
      @Mixin Where where,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "FILE",
              description = "the judge's key")
          Path key,
      @ArgGroup(multiplicity = "1") Ruling ruling)
      throws IOException {
    return print(
        print, where.chain().judge(print.shell().resolve(key), where.number, ruling.upheld));
  }

  @Command(
      name = "lapse",
      description = "Closes an appeal that nobody judged in time: the accuser gets its bond.",
      footer = {"", EXAMPLE + "lapse" + WHERE + " --key anybody.pem"})
  int lapse(@Mixin Output print, @Mixin Where where, @Mixin Anybody anybody) throws IOException {
    return print(print, where.chain().lapse(print.shell().resolve(anybody.key), where.number));
  }

  /** One of the two. */
  static final class Ruling {
    @Option(names = "--uphold", description = "the node lied: its stake is taken")
    boolean upheld;

    @Option(names = "--overturn", description = "it did not: its owner gets the bond")
    boolean overturned;
  }

  private static int print(Output output, CourtChain.Filed filed) {
    output.print(
        filed,
        () ->
            Table.fields(
                List.of(
                    field("case", filed.number() + ", " + filed.state()),
                    field("accused", filed.node()),
                    field("may lose", Money.text(filed.penaltyNanoOpen())),
                    field("accuser", filed.accuser()),
                    field("bond", Money.text(filed.bondNanoOpen())),
                    field("appeals until", Text.moment(filed.closesAtSeconds() * 1_000)),
                    field(
                        "transaction",
                        filed.transaction().isEmpty() ? "-" : filed.transaction()))));
    return ExitCode.OK;
  }
}
