{{/* What the operator does where stations are behind hubs: the slices of their Services lead to the hubs. */}}
{{- define "kitchen-operator.hubRules" -}}
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [create, patch, delete]
# A policy may keep hubs from the pods: then the Service leads to these.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [list, watch]
# An Endpoints object of before would be copied into one more slice.
- apiGroups: [""]
  resources: [endpoints]
  verbs: [delete]
{{- end -}}

{{/* What the operator may do where its Kitchens are. Server-side apply needs create and patch. */}}
{{- define "kitchen-operator.rules" -}}
- apiGroups: [kitchen.dev]
  resources: [kitchens]
  verbs: [get, list, watch]
- apiGroups: [kitchen.dev]
  resources: [stations]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [kitchen.dev]
  resources: [kitchens/status, stations/status]
  verbs: [patch]
# Demand that follows load is set as any autoscaler sets it.
- apiGroups: [kitchen.dev]
  resources: [stations/scale]
  verbs: [patch]
{{- if .Values.scale.resourceMetrics }}
- apiGroups: [metrics.k8s.io]
  resources: [pods]
  verbs: [list]
{{- end }}
{{- with .Values.scale.externalMetrics }}
# The resource is the metric. It is read without a name, which is to list it.
- apiGroups: [external.metrics.k8s.io]
  resources: {{ toJson . }}
  verbs: [list]
{{- end }}
# Owner references that block deletion, where OwnerReferencesPermissionEnforcement is on.
- apiGroups: [kitchen.dev]
  resources: [kitchens/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
# Whose a pod is; and a failed rollout is taken back to the template of an old ReplicaSet.
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# Patch: the annotation that tells ReplicaSets which pods to delete first.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
