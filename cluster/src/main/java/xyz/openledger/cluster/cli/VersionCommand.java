package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import xyz.openledger.cluster.configuration.Release;
import xyz.openledger.protocol.api.Version;
import xyz.openledger.protocol.client.ClientException;

@Command(
    name = "version",
    description =
        "Says which release this is, and what runs at the member: chain, contracts, log key.",
    footer = "%nExample: openledger version -o json")
final class VersionCommand implements Callable<Integer> {
  @Mixin Member member;

  VersionCommand(Shell shell) {
    this.member = new Member(shell);
  }

  /**
   * What programs read.
   *
   * @param member absent if none answers
   */
  record Answer(String version, String java, @Nullable Version member) {}

  @Override
  public Integer call() {
    Version there = ask();
    member.print(new Answer(Release.name(), java(), there), () -> line() + "\n" + text(there));
    return ExitCode.OK;
  }

  /** What the member says of itself; absent if none answers, since this is no reason to fail. */
  private @Nullable Version ask() {
    try {
      return member.client().version();
    } catch (ClientException away) {
      return null;
    }
  }

  private String text(@Nullable Version version) {
    if (version == null) {
      return "no member answers at " + member.url() + "\n";
    }
    var fields = new ArrayList<Table.Field>();
    fields.add(field("member", version.version() + " at " + member.url()));
    if (version.chainId() != null) {
      fields.add(field("chain", version.chainId()));
    }
    Map<String, ?> contracts = version.contracts() == null ? Map.of() : version.contracts();
    new TreeMap<>(contracts).forEach((name, address) -> fields.add(field(name, address)));
    if (version.logKey() != null) {
      fields.add(field("log key", version.logKey()));
    }
    return "\n" + Table.fields(List.copyOf(fields));
  }

  private static String java() {
    return Runtime.version().toString();
  }

  private static String line() {
    return "openledger " + Release.name() + " (Java " + java() + ")";
  }

  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {line()};
    }
  }
}
