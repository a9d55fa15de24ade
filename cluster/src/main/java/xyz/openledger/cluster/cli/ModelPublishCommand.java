package xyz.openledger.cluster.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Licence;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.client.ModelClient;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.client.OpenLedgerClient;

@Command(
    name = "publish",
    description = "Serves models and adapters from folders as Hugging Face lays them out.",
    footer = {
      "",
      "A base is named after its folder, an adapter base:folder; for adapters say --base.",
      "",
      "Example: openledger model publish adapters/pirate --base tiny"
    })
final class ModelPublishCommand implements Callable<Integer> {
  @Mixin Member member;

  @Parameters(paramLabel = "DIR", arity = "1..*", description = "a model, or adapters of one base")
  List<Path> folders = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "serve it under this name; of an adapter, what follows the colon")
  @Nullable String name;

  @Option(
      names = "--base",
      paramLabel = "NAME",
      description = "the base, already served, that the adapters were made for")
  @Nullable String base;

  @Option(
      names = "--owner",
      paramLabel = "ADDRESS",
      description = "the account that gets the model's part of what its jobs pay")
  @Nullable String owner;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      description =
          "the licence that they are under, such as 'MIT OR Apache-2.0'; policies may ask for it")
  @Nullable String licence;

  ModelPublishCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    if (name != null && folders.size() > 1) {
      throw CommandFailure.usage("one name cannot be that of several folders", "--name", "");
    }
    OpenLedgerClient client = member.client();
    @Nullable Digest baseManifest = base == null ? null : manifest(client.models(), base);
    var named = new ArrayList<ModelPublication.Named>();
    var served = new ArrayList<ModelView>();
    for (Path folder : folders) {
      if (folders.size() > 1 && Files.isRegularFile(member.shell().resolve(folder))) {
        // A shell's star finds a README among the folders.
        member.shell().note("passing over " + folder + ", which is no folder");
        continue;
      }
      named.add(upload(client, member.shell().resolve(folder), baseManifest));
      if (named.size() == ModelPublication.MODELS_MAX) {
        served.addAll(client.models().publish(named));
        named.clear();
      }
    }
    if (!named.isEmpty()) {
      served.addAll(client.models().publish(named));
    }
    member.print(served, () -> text(served));
    return ExitCode.OK;
  }

  private ModelPublication.Named upload(
      OpenLedgerClient client, Path folder, @Nullable Digest baseManifest) {
    if (!Files.isDirectory(folder)) {
      throw CommandFailure.usage("there is no folder " + folder, "DIR", "");
    }
    if (ModelFolder.isAdapter(folder) != (base != null)) {
      throw CommandFailure.usage(
          base == null
              ? folder + " holds an adapter; say which base it was made for"
              : folder + " holds a base model; --base belongs to adapters",
          "--base",
          "openledger model list");
    }
    ModelFolder model = ModelFolder.read(folder, baseManifest);
    model.upload(
        client.blobs(),
        file ->
            member.shell().note("sending %s, %s".formatted(file.name(), Text.bytes(file.bytes()))));
    String own = name == null ? plain(folder.getFileName().toString()) : name;
    return new ModelPublication.Named(
        base == null ? own : base + ":" + own,
        model.manifest().digest(),
        owner == null ? null : Address.parse(owner),
        licence == null ? null : Licence.check("licence", licence));
  }

  /** A folder's name as a model may be called. */
  private static String plain(String folder) {
    String plain = folder.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    return plain.replaceAll("^[._-]+", "");
  }

  private static Digest manifest(ModelClient models, String name) {
    return models.models().stream()
        .filter(model -> model.name().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "no base " + name + " is served", "--base", "openledger model list"))
        .manifest();
  }

  static String text(List<ModelView> models) {
    var table =
        Table.of("MODEL", "MANIFEST", "CONTEXT", "FUEL/TOKEN", "PUBLISHED", "OWNER", "LICENCE");
    for (ModelView model : models) {
      table.row(
          model.name(),
          model.manifest().hex().substring(0, 12),
          model.contextTokens(),
          model.fuelPerToken(),
          Text.moment(model.publishedAtMillis()),
          model.owner() == null ? "-" : model.owner(),
          model.licence() == null ? "-" : model.licence());
    }
    return table.text();
  }
}
