#!/usr/bin/env bash
# A pod that the API server made cannot be copied when one of its topologySpreadConstraints has matchLabelKeys.
#
# Kubernetes 1.37.2. On creation the API server turns each of the matchLabelKeys into a requirement of the labelSelector
# (the feature MatchLabelKeysInPodTopologySpreadSelectorMerge, on by default) and leaves matchLabelKeys as it is. A pod that
# has the key in both is invalid. So what `kubectl get pod -o yaml` prints cannot be created again under another name, and
# `kubectl debug POD --copy-to=NAME` is refused, although nobody wrote anything invalid.
#
# Seen:
#   its copy: [spec.topologySpreadConstraints[0][0]: Invalid value: "pod-template-hash": exists in both matchLabelKeys and
#   labelSelector]
#
# This runs the API server's own strategy for pods on a valid pod, then on a copy of what came out, and fails when the copy
# is accepted, or refused in other words. It needs Go 1.26 and the Go module proxy, and compiles for some minutes.
set -euo pipefail
version=1.37.2
room=$(mktemp -d)
trap 'chmod -R u+w "$room"; rm -rf -- "$room"' EXIT
cd "$room"

go mod init example.com/finding 2> /dev/null
mod=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
# Kubernetes' module names its parts by v0.0.0: each is published under the version without the leading 1.
sed -n 's|^[[:space:]]*\(k8s\.io/[a-z0-9-]*\) v0\.0\.0\( .*\)\{0,1\}$|\1|p' "$mod" | sort -u | while read -r part; do
  go mod edit -replace "$part=$part@v0.${version#1.}"
done
go mod edit -require "k8s.io/kubernetes@v$version"

cat > main.go << 'GO'
package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/registry/core/pod"
)

// create does what the API server does with a new pod before it is stored.
func create(from runtime.Object) (*core.Pod, []string) {
	made := from.(*core.Pod).DeepCopy()
	ctx := genericapirequest.WithNamespace(genericapirequest.NewContext(), "default")
	pod.Strategy.PrepareForCreate(ctx, made)
	words := []string{}
	for _, problem := range pod.Strategy.Validate(ctx, made) {
		words = append(words, problem.Error())
	}
	return made, words
}

func main() {
	written := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "first", Namespace: "default", Labels: map[string]string{"app": "shop", "pod-template-hash": "abc"}},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "shop", Image: "example.org/shop:1"}},
			TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{
				MaxSkew: 1, TopologyKey: "kubernetes.io/hostname", WhenUnsatisfiable: corev1.ScheduleAnyway,
				LabelSelector:  &metav1.LabelSelector{MatchLabels: map[string]string{"app": "shop"}},
				MatchLabelKeys: []string{"pod-template-hash"},
			}},
		},
	}
	legacyscheme.Scheme.Default(written)
	internal, err := legacyscheme.Scheme.ConvertToVersion(written, core.SchemeGroupVersion)
	if err != nil {
		panic(err)
	}
	first, problems := create(internal)
	fmt.Println("first:", problems)
	constraint := first.Spec.TopologySpreadConstraints[0]
	fmt.Println("its selector:", metav1.FormatLabelSelector(constraint.LabelSelector), "its matchLabelKeys:", constraint.MatchLabelKeys)
	copied := first.DeepCopy()
	copied.ObjectMeta = metav1.ObjectMeta{Name: "second", Namespace: "default", Labels: first.Labels}
	_, problems = create(copied)
	fmt.Println("its copy:", problems)
}
GO
go mod tidy > tidy.log 2>&1 || { cat tidy.log; exit 1; }
go run . > seen 2> run.log || { cat run.log; exit 1; }
cat seen
grep -qx 'first: \[\]' seen
grep -qF 'its copy: [spec.topologySpreadConstraints[0][0]: Invalid value: "pod-template-hash": exists in both matchLabelKeys and labelSelector]' seen
echo "seen as described, Kubernetes $version"
