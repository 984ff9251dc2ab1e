{{- define "kitchen-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "kitchen-operator.serviceAccount" -}}
{{- if .Values.serviceAccount.name -}}
{{- .Values.serviceAccount.name -}}
{{- else if .Values.serviceAccount.create -}}
{{- include "kitchen-operator.fullname" . -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "kitchen-operator.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* Not the operator's own name: its Service must not lead to hubs. */ -}}
{{- define "kitchen-operator.hubSelector" -}}
app.kubernetes.io/name: kitchen-hub
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: hub
{{- end -}}

{{- define "kitchen-operator.labels" -}}
{{ include "kitchen-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* Of an object that is made for a hook (first item), in this order (second), and goes when the hook has done its work. */ -}}
{{- define "kitchen-operator.hook" -}}
helm.sh/hook: {{ first . }}
helm.sh/hook-weight: {{ last . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{- define "kitchen-operator.namespaceSelector" -}}
{{- $selector := .Values.watch.namespaceSelector -}}
{{- if kindIs "map" $selector -}}
{{- $terms := list -}}
{{- range $key, $value := $selector.matchLabels -}}
{{- $terms = append $terms (printf "%s=%s" $key $value) -}}
{{- end -}}
{{- range $selector.matchExpressions -}}
{{- $values := join "," (default list .values) -}}
{{- $forms := dict "In" (printf "%s in (%s)" .key $values) "NotIn" (printf "%s notin (%s)" .key $values) "Exists" .key "DoesNotExist" (printf "!%s" .key) -}}
{{- $terms = append $terms (get $forms .operator) -}}
{{- end -}}
{{- join "," $terms -}}
{{- else -}}
{{- $selector -}}
{{- end -}}
{{- end -}}

{{- /* The Lease by which one replica leads. Operators for different namespaces need one each. */ -}}
{{- define "kitchen-operator.lease" -}}
{{- if include "kitchen-operator.namespaceSelector" . -}}
{{- include "kitchen-operator.fullname" . -}}
{{- else -}}
kitchen-operator
{{- end -}}
{{- end -}}

{{- define "kitchen-operator.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "kitchen-operator.serviceAccount" . }}
    namespace: {{ .Release.Namespace }}
{{- end -}}

{{- define "kitchen-operator.suspects" -}}
{{- if not (has (toString .Values.suspectAfter) (list "" "0" "0s")) -}}
true
{{- end -}}
{{- end -}}
