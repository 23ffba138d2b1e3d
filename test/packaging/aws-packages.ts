import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const files = {
  "usr/bin/xray": "#!/bin/sh\necho AWS X-Ray daemon\n",
  "etc/amazon/xray/cfg.yaml": "Version: 2\nRegion: us-east-1\n",
  "lib/systemd/system/xray.service": "[Service]\nExecStart=/usr/bin/xray\n",
};

/** A package that is to dpkg what AWS's is: its name, its files, which of them are configuration. Answers its path. */
export function awsDeb(folder: string): string {
  const tree = join(folder, "aws-deb");
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  chmodSync(join(tree, "usr/bin/xray"), 0o755);
  write("DEBIAN/conffiles", "/etc/amazon/xray/cfg.yaml\n/lib/systemd/system/xray.service\n");
  write(
    "DEBIAN/control",
    "Package: xray\nVersion: 3.3.14-1\nArchitecture: all\nMaintainer: nobody <nobody@test.invalid>\nDescription: stand-in\n",
  );
  const path = join(folder, "aws.deb");
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", tree, path], { stdio: "pipe" });
  return path;
}

/** The same to rpm. */
export function awsRpm(folder: string): string {
  const spec = join(folder, "xray.spec");
  const { "usr/bin/xray": program, "etc/amazon/xray/cfg.yaml": config } = files;
  writeFileSync(
    spec,
    `Name: xray
Version: 3.3.14
Release: 1
Summary: stand-in
License: none
BuildArch: noarch
AutoReqProv: no
%description
Stand-in.
%install
install -d %{buildroot}/usr/bin %{buildroot}/etc/amazon/xray
printf '${program.replaceAll("\n", "\\n")}' > %{buildroot}/usr/bin/xray
chmod 755 %{buildroot}/usr/bin/xray
printf '${config.replaceAll("\n", "\\n")}' > %{buildroot}/etc/amazon/xray/cfg.yaml
%files
/usr/bin/xray
%config(noreplace) /etc/amazon/xray/cfg.yaml
`,
  );
  const top = join(folder, "aws-rpm");
  execFileSync("rpmbuild", ["-bb", "--quiet", "--target", "noarch-linux", "--define", `_topdir ${top}`, spec]);
  return join(top, "RPMS/noarch/xray-3.3.14-1.noarch.rpm");
}
